import { describe, expect, it } from '@jest/globals';
import { checkSeed } from './checks.js';
import type { LevelFigures } from './figures.js';
import type { ComparedLevel, SeedRun } from './run-seed.js';
import { serverText } from './server-figures.js';

const figures = (tpotP50: number, ttftP50: number): LevelFigures => ({
  ttftP50,
  ttftP95: NaN,
  tpotP50,
  tpotP95: NaN,
  latencyP50: NaN,
  latencyP95: NaN,
  errorRatio: 0,
  requestsPerSecond: NaN,
  outputTokensPerSecond: NaN,
});

const NOT_TOLD = {
  running: NaN,
  waiting: NaN,
  kvPeak: NaN,
  kvHitRatio: NaN,
  publishedKvHitRatio: NaN,
  workerSpread: NaN,
  acceptance: NaN,
  gpuUtilization: NaN,
};

function level(load: number, tpot: number, ttft: number, timeoutRatio = 0): ComparedLevel {
  const published = figures(0.05, 0.2);
  return {
    load,
    published,
    simulated: figures(tpot, ttft),
    verdict: 'clean',
    server: NOT_TOLD,
    causes: [],
    timeoutRatio,
    excluded: [],
    withExcluded: null,
  };
}

function run(levels: ComparedLevel[], firstSaturated: number | null): SeedRun {
  const boundary = { lastPass: 10, firstFail: 20 };
  return { id: 'x', levels, firstSaturated, boundary, serial: false, simulatedSeconds: 1, realSeconds: 1 };
}

const passes = (seed: SeedRun, claims: Parameters<typeof checkSeed>[1]): Record<string, boolean> =>
  Object.fromEntries(checkSeed(seed, claims).map(({ name, pass }) => [name, pass]));

describe('what the simulated server told of a level', () => {
  it('is one line, of what it told', () => {
    const told = { ...NOT_TOLD, running: 64, waiting: 5.87, kvHitRatio: 0.931, publishedKvHitRatio: 0.966 };
    expect(serverText(told)).toBe('running 64.0, waiting 5.9, KV hit 93.1 % / 96.6 %');
  });
});

describe('checking a simulated sweep against the published one', () => {
  it('holds medians to 10 % of TPOT and 25 % of TTFT', () => {
    const claims = { firstSaturated: null };
    expect(passes(run([level(10, 0.054, 0.24)], null), claims)).toMatchObject({ 'TPOT p50': true, 'TTFT p50': true });
    expect(passes(run([level(10, 0.056, 0.26)], null), claims)).toMatchObject({ 'TPOT p50': false, 'TTFT p50': false });
  });

  it('asks nothing of medians from saturation on', () => {
    const levels = [level(10, 0.05, 0.2), level(20, 0.09, 5)];
    expect(passes(run(levels, 20), { firstSaturated: 20 })).toMatchObject({ 'TPOT p50': true, 'TTFT p50': true });
  });

  it('grants the first saturated level one step either way', () => {
    const levels = [10, 20, 30, 40].map((load) => level(load, 0.05, 0.2));
    const name = 'first saturated level';
    expect(passes(run(levels, 30), { firstSaturated: 20 })[name]).toBe(true);
    expect(passes(run(levels, 40), { firstSaturated: 20 })[name]).toBe(false);
    expect(passes(run(levels, null), { firstSaturated: 20 })[name]).toBe(false);
    expect(passes(run(levels, 40), { firstSaturated: null })[name]).toBe(false);
  });

  it('takes time-outs as begun where all levels above have them, too', () => {
    const levels = [
      level(10, 0.05, 0.2, 0.2),
      level(20, 0.05, 0.2),
      level(30, 0.05, 0.2, 0.1),
      level(40, 0.05, 0.2, 0.3),
    ];
    const claims = { timeoutsFrom: 30 };
    const [check] = checkSeed(run(levels, null), claims).filter(({ name }) => name.startsWith('sustained'));
    expect(check).toMatchObject({ pass: true, text: '30, published figures say 30 (one step either way)' });
  });

  it('wants a cause named from its level on, a step either way, by every level above', () => {
    const cause = { cause: 'admission_limit' as const, text: '' };
    const named = (...loads: number[]): ComparedLevel[] =>
      [10, 20, 30, 40].map((load) => ({ ...level(load, 0.05, 0.2), causes: loads.includes(load) ? [cause] : [] }));
    const check = (levels: ComparedLevel[]): boolean | undefined =>
      passes(run(levels, null), { causes: { admission_limit: 20 } })['cause admission_limit named from'];
    expect(check(named(20, 30, 40))).toBe(true);
    expect(check(named(30, 40))).toBe(true);
    expect(check(named(20, 30))).toBe(false);
    expect(check(named(40))).toBe(false);
    expect(check(named())).toBe(false);
  });

  it('wants the SLO boundary at the same levels', () => {
    const levels = [level(10, 0.05, 0.2)];
    expect(passes(run(levels, null), { boundary: [10, 20] })['SLO boundary']).toBe(true);
    expect(passes(run(levels, null), { boundary: [20, 30] })['SLO boundary']).toBe(false);
  });
});
