import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { exportJsonSchema, generateSpecSchema } from '../../src/config/json-schema.js';
import { keysAt } from '../../src/config/spec-paths.js';

describe('the JSON Schema of the spec', () => {
  it('is published as generated (npm run generate writes it)', () => {
    const published = readFileSync(new URL('../../../docs/schema/sweep-spec.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(generateSpecSchema());
  });

  it('asks for target, load and workload, and takes no other keys', () => {
    expect(exportJsonSchema()).toMatchObject({ required: ['target', 'load', 'workload'], additionalProperties: false });
  });

  it('describes what is written, not what is resolved', () => {
    expect(keysAt(['load'], {})).toContain('warmup');
    expect(keysAt(['load'], {})).not.toContain('warmupSeconds');
  });

  it('tells the kinds of workload apart', () => {
    expect(keysAt(['workload'], { kind: 'prompt' })).toEqual(['kind', 'seed', 'prompt', 'outputTokens']);
  });

  it('shows the defaults in the form in which they are written', () => {
    expect(exportJsonSchema()).toMatchObject({ properties: { load: { properties: { warmup: { default: '30s' } } } } });
  });
});
