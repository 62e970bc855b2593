import { describe, expect, it } from '@jest/globals';
import { parseSpec } from '../../src/config/parse.js';
import { planText } from '../../src/config/plan-text.js';
import { possibleLoads } from '../../src/config/search-plan.js';
import { specToYaml } from '../../src/config/spec-yaml.js';
import type { SweepSpec } from '../../src/config/spec.js';

const yaml = (load: string, slo = 'slo: { ttft: { p95: 600ms } }'): string => `
name: test
target: { url: 'http://127.0.0.1:1', model: m }
workload: { kind: prompt, prompt: hello }
${slo}
load: { ${load} }
`;

function specOf(load: string): SweepSpec {
  const parsed = parseSpec(yaml(load));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

function complaints(text: string): string[] {
  const parsed = parseSpec(text);
  return 'problems' in parsed ? parsed.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe('a search in the spec', () => {
  it('takes the place of the levels', () => {
    const { load } = specOf('search: {from: 8, to: 256, tolerance: 2, maxLevels: 12, maxDuration: 1h}');
    expect(load.levels).toEqual([]);
    expect(load.search).toEqual({
      from: 8,
      to: 256,
      tolerance: { kind: 'absolute', load: 2 },
      maxLevels: 12,
      maxSeconds: 3600,
      refines: 0,
    });
  });

  it('after levels goes from the lowest to the highest of them', () => {
    const { load } = specOf('levels: [8, 64, 32], search: {}');
    expect(load.search).toMatchObject({ from: 8, to: 64, tolerance: { kind: 'relative', ratio: 0.05 }, refines: 3 });
  });

  it('gives a level ten times its least measurement, where a sweep gives three', () => {
    expect(specOf('search: {to: 64}').load.measure).toMatchObject({ seconds: 60, maxSeconds: 600 });
    expect(specOf('levels: [1]').load.measure).toMatchObject({ seconds: 60, maxSeconds: 180 });
  });

  it.each([
    'search: {from: 8, to: 256}',
    'levels: [2, 4], search: {tolerance: 10%}',
    'levels: [3], arrival: gamma, burstiness: 0.5',
  ])('is written out and read back the same: %s', (load) => {
    const spec = specOf(load);
    const again = parseSpec(specToYaml(spec));
    expect(again).toEqual({ spec });
  });

  it.each([
    ['search: {from: 8}', 'load.search.to: is missing: it must be the highest load to try'],
    ['search: {from: 9, to: 8}', 'load.search.to: must not be below from (9), got 8'],
    ['search: {to: 8.5}', 'load.search.to: must be a positive integer, got 8.5'],
    [
      'search: {to: 8, tolerance: 0.05}',
      'load.search.tolerance: must be a share such as 5% of the boundary, or a number of users from 1, got 0.05',
    ],
    ['search: {to: 8}, measure: {requests: 50}', 'load.measure.requests: does not go together with search'],
    ['search: {to: 8}, repetitions: 3', 'load.repetitions: does not go together with search'],
    ['search: {to: 8, start: 3}', 'load.search.start: is not a key of the spec'],
    ['levels: [1], burstiness: 2', 'load.burstiness: does not go together with arrival closed'],
  ])('is refused: %s', (load, complaint) => {
    expect(complaints(yaml(load))).toContain(complaint);
  });

  it('needs an objective', () => {
    expect(complaints(yaml('search: {to: 8}', ''))).toEqual(['load.search: needs an objective to search for']);
  });

  it('reserves a level of the most users for each that it may come to', () => {
    expect(possibleLoads(specOf('levels: [1, 2], search: {to: 9, maxLevels: 3}').load)).toEqual([1, 2, 9, 9, 9]);
  });

  it('tells what it is expected to take, and the worst', () => {
    const lines = planText(
      specOf('search: {from: 8, to: 128, maxLevels: 20}, prime: 0s, warmup: 30s, measure: {duration: 60s}'),
    );
    // 2 doublings to the middle and one beyond, 4 to close in; 1.5 × 30 + 60 s each, two of them 300 − 60 s longer
    expect(lines[1]).toBe(
      'search    8 to 128 users, to within 5%: about 7 levels and 20 min 15 s; at most 20 levels and 2 h 12 min',
    );
  });
});
