import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, METRICS } from '../../src/metrics/catalogue.js';
import { LABEL_MEANINGS, type MetricDeclaration } from '../../src/metrics/catalogue/declaration.js';
import { PHASE_LABELS } from '../../src/metrics/sources.js';
import { PHASES } from '../../src/sweep/events.js';

const declarations: [string, MetricDeclaration][] = [...METRICS];

describe('the catalogue', () => {
  it('declares each name once', () => {
    const names = CATALOGUE.flatMap(({ metrics }) => Object.keys(metrics));
    expect(new Set(names).size).toBe(names.length);
  });

  it('has names that tell type and unit as Prometheus wants it', () => {
    for (const [name, { type, unit }] of declarations) {
      expect(name).toMatch(/^loadgen_[a-z0-9_]+$/);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      if (unit === 'seconds' || unit === 'epoch seconds') expect(name).toMatch(/_seconds(_total)?$/);
      if (unit === 'ratio') expect(name).toMatch(/_ratio$/);
    }
  });

  it('has one meaning for each label, and no label without use', () => {
    const used = new Set(declarations.flatMap(([, { labels }]) => labels));
    expect([...used].sort()).toEqual(Object.keys(LABEL_MEANINGS).sort());
  });

  it('carries no run or level on histograms', () => {
    for (const [, { type, labels }] of declarations) {
      if (type === 'histogram') expect(labels).toEqual(['turn']);
    }
  });

  it('has help in sentences', () => {
    for (const [, { help }] of declarations) expect(help).toMatch(/^[A-Z0-9].*\.$/);
  });

  it('has examples that query what is declared', () => {
    for (const [, { example }] of declarations) {
      for (const [name] of example?.query.matchAll(/loadgen_\w+/g) ?? []) {
        expect([name, METRICS.has(name) || METRICS.has(name.replace(/_(bucket|sum|count)$/, ''))]).toEqual([
          name,
          true,
        ]);
      }
    }
  });

  it('knows every phase of a sweep', () => {
    expect(PHASE_LABELS).toEqual(PHASES);
  });
});
