import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/metrics/catalogue.js';
import { metricsMarkdown } from '../../src/metrics/docs.js';

describe('docs/metrics.md', () => {
  it('is what the catalogue says; `npm run generate` writes it anew', () => {
    const written = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    expect(written).toBe(metricsMarkdown());
  });

  it('has a row for each metric', () => {
    const text = metricsMarkdown();
    for (const name of METRICS.keys()) expect(text).toContain(`\n| \`${name}\` |`);
  });
});
