import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describePlan } from '../../src/config/plan.js';
import { specToYaml } from '../../src/config/spec-yaml.js';
import { specOf } from './example-spec.js';

const folder = new URL('../../../examples/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const example = (name: string) => specOf(readFileSync(new URL(name, folder), 'utf8'), { sourceName: name });

describe('the examples', () => {
  it('are one for each published sweep, the quick one, and a search', () => {
    expect(files.toSorted()).toEqual([
      '000-vllm-70b-50-120.yaml',
      '001-eagle3-50-160.yaml',
      '002-dynamo-kv-160-200.yaml',
      '003-l4-qwen-1-32.yaml',
      '004-burst-serial.yaml',
      'quick.yaml',
      'slo-search.yaml',
    ]);
  });

  it.each(files)('%s parses, and reads back from what a run folder keeps', (name) => {
    const spec = example(name);
    expect(specOf(specToYaml(spec))).toEqual(spec);
  });

  it.each([
    ['000-vllm-70b-50-120.yaml', [50, 60, 70, 80, 90, 100, 110, 120]],
    ['001-eagle3-50-160.yaml', [50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160]],
    ['002-dynamo-kv-160-200.yaml', [160, 180, 200]],
    ['003-l4-qwen-1-32.yaml', [1, 2, 4, 8, 16, 32]],
    ['004-burst-serial.yaml', [5, 10, 50]],
    ['quick.yaml', [1, 2, 4, 8, 16, 32]],
  ])('%s has the levels of the original', (name, levels) => {
    expect(example(name).load.levels).toEqual(levels);
  });

  it('quick.yaml leaves a minute of its three for warm-ups that take longer', () => {
    expect(describePlan(example('quick.yaml')).seconds.least).toBeLessThanOrEqual(120);
  });
});
