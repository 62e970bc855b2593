import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quantile } from '../../src/analysis/quantiles.js';
import { survivalCurve, survivalQuantile } from '../../src/analysis/kaplan-meier.js';
import { levelOutcomes, tailWithFailures } from '../../src/analysis/level-outcomes.js';
import type { SloSpec } from '../../src/config/spec.js';
import { record, UNANSWERED, window } from './samples.js';

const SLO: SloSpec = {
  latency: [
    { name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 },
    { name: 'latency_p95', metric: 'latency', quantile: 0.95, seconds: 2 },
  ],
  errorRatio: null,
};

describe('the survival curve', () => {
  it('is that of the textbook: six deaths and two censored', () => {
    const times = [1, 2, 2, 3, 4, 4, 5, 6];
    const censored = [false, false, true, false, false, false, true, false];
    const curve = survivalCurve(times.map((seconds, i) => ({ seconds, happened: !censored[i]! })));
    expect(curve.map(({ seconds }) => seconds)).toEqual([1, 2, 3, 4, 6]);
    [7 / 8, 6 / 8, (6 / 8) * (4 / 5), (6 / 8) * (4 / 5) * (2 / 4), 0].forEach((survival, i) =>
      expect(curve[i]!.survival).toBeCloseTo(survival, 12),
    );
  });

  it('has the nearest-rank quantiles where nothing is censored', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.95, 0.99), (times, q) => {
        const curve = survivalCurve(times.map((seconds) => ({ seconds, happened: true })));
        expect(survivalQuantile(curve, q)).toBe(quantile(Float64Array.from(times).sort(), q));
      }),
    );
  });

  it('says only "longer than seen" where the censored are too many', () => {
    const curve = survivalCurve([
      { seconds: 1, happened: true },
      { seconds: 120, happened: false },
    ]);
    expect(survivalQuantile(curve, 0.5)).toBe(1);
    expect(survivalQuantile(curve, 0.95)).toBe(Infinity);
    expect(survivalQuantile(survivalCurve([]), 0.5)).toBeNaN();
  });
});

describe('quantiles with failures as infinitely long', () => {
  it('are infinite from the share of failures on', () => {
    const values = [...Array.from({ length: 94 }, (_, i) => i / 100), ...Array.from({ length: 6 }, () => NaN)];
    const tail = tailWithFailures(values);
    expect(tail.p50).toBe(0.49);
    expect(tail.p95).toBe(Infinity);
    expect(tailWithFailures(values.slice(0, 99)).p95).toBe(Infinity);
    expect(tailWithFailures([]).p50).toBeNaN();
  });
});

describe('outcomes of a level', () => {
  const good = record(11);
  const slow = record(12, { firstTokenAt: 13 });
  const long = record(13, { completedAt: 16, endedAt: 16 });
  const failed = record(14, { ...UNANSWERED, endedAt: 14.2, outcome: 'http_5xx' });
  const underWay = record(18.5, { completedAt: NaN, endedAt: NaN, outcome: null });
  const before = record(9.5);
  const outcomes = levelOutcomes(SLO, 0, [window()], [good, slow, long, failed, underWay, before])!;

  it('count the requests started, jointly for all objectives', () => {
    expect(outcomes).toMatchObject({ good: 1, bad: 3, undecided: 1 });
    expect(outcomes.attainment.value).toBe(0.25);
    expect(outcomes.goodputPerSecond).toBeCloseTo(0.1, 12);
  });

  it('do not gain by dropping requests: a failure is one that was started', () => {
    const without = levelOutcomes(SLO, 0, [window()], [good])!;
    const dropping = levelOutcomes(SLO, 0, [window()], [good, failed])!;
    expect(without.attainment.value).toBe(1);
    expect(dropping.attainment.value).toBe(0.5);
  });

  it('leave open what we cut off ourselves', () => {
    const cut = record(19, { ...UNANSWERED, endedAt: 19.2, outcome: 'aborted' });
    expect(levelOutcomes(SLO, 0, [window()], [cut])).toMatchObject({ good: 0, bad: 0, undecided: 1 });
  });

  it('keep the first token of a request that failed later', () => {
    const late = record(14, { outcome: 'timeout_total', endedAt: 19 });
    const { ttftWithFailures, latencyWithFailures, ttftSurvival, latencySurvival } = levelOutcomes(
      SLO,
      0,
      [window()],
      [late],
    )!;
    expect(ttftWithFailures.p95).toBeCloseTo(0.1, 9);
    expect(ttftSurvival.p95).toBeCloseTo(0.1, 9);
    expect(latencyWithFailures.p95).toBe(Infinity);
    expect(latencySurvival.p95).toBeNaN();
  });

  it('take a time-out as longer than its age', () => {
    const timedOut = (at: number): ReturnType<typeof record> =>
      record(at, { ...UNANSWERED, endedAt: at + 5, outcome: 'timeout_first_token' });
    const records = [record(10), record(10.5), record(11), timedOut(11.5)];
    const { ttftSurvival, ttftWithFailures } = levelOutcomes(SLO, 0, [window()], records)!;
    expect(ttftSurvival.p50).toBeCloseTo(0.1, 9);
    expect(ttftSurvival.p95).toBe(Infinity);
    expect(ttftWithFailures.p95).toBe(Infinity);
  });

  it('do not exist for a level without windows', () => {
    expect(levelOutcomes(SLO, 3, [window()], [good])).toBeNull();
  });
});
