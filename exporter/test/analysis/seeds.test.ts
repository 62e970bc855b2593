import { describe, expect, it } from '@jest/globals';
import { analyseRun } from '../../src/analysis/analyse-run.js';
import { fitHinge } from '../../src/analysis/hinge.js';
import { findKnee } from '../../src/analysis/knee.js';
import { kneedle } from '../../src/analysis/kneedle.js';
import { pointOf } from '../../src/analysis/level-reading.js';
import type { RunAnalysis } from '../../src/analysis/run-analysis.js';
import { uslOpinion } from '../../src/analysis/second-opinions.js';
import { predictedTtft } from '../../src/analysis/slot-limit.js';
import { DEFAULT_THRESHOLDS } from '../../src/analysis/thresholds.js';
import { fitUsl } from '../../src/analysis/usl.js';
import type { SloSpec } from '../../src/config/spec.js';
import { seedLevels, seedResults } from '../support/seed-levels.js';

/** What the publishers of 000 to 002 asked for. */
const SLO: SloSpec = {
  latency: [
    { name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 },
    { name: 'tpot_p95', metric: 'tpot', quantile: 0.95, seconds: 0.06 },
  ],
  errorRatio: 0.05,
};
const NO_SLO: SloSpec = { latency: [], errorRatio: null };

function analysisOf(name: string, slo: SloSpec, advertisedSlots: number | null = null): RunAnalysis {
  const levels = seedResults(name);
  return analyseRun({ levels, slo, arrival: 'closed', totalTimeoutSeconds: 120, advertisedSlots });
}

const column = (name: string, key: 'ttft_p50_ms' | 'ttft_p95_ms' | 'tops' | 'actual_rps'): number[] =>
  seedLevels(name).map((level) => level[key] ?? NaN);
const loads = (name: string): number[] => seedLevels(name).map(({ concurrency }) => concurrency);
const verdicts = (analysis: RunAnalysis): string[] => analysis.levels.map(({ load, verdict }) => `${load} ${verdict}`);
const kinds = (analysis: RunAnalysis): string[] => analysis.warnings.map(({ kind }) => kind);

describe('000, Llama 70B on one H200', () => {
  const analysis = analysisOf('000-vllm-70b', SLO);

  it('is first saturated at 110 users', () => {
    expect(analysis.firstSaturated).toBe(110);
    expect(analysis.levels[6]!.reason).toBe(
      'TTFT p50 is 12.7 × that at 50 users (2.21 s against 174 ms) and throughput gains −0.03 per user added against 80 users',
    );
  });

  it('meets its objectives up to 70 users and not at 80, by TPOT', () => {
    const all = analysis.boundaries[0]!;
    expect(all).toMatchObject({ slo: 'all', lastPass: 70, firstFail: 80, lower: 70, upper: 80 });
    expect(all.estimate).toBeGreaterThan(70);
    expect(all.estimate).toBeLessThan(80);
    expect(analysis.levels[3]!.bindingSlo?.slo).toBe('tpot_p95');
    expect(analysis.summary).toMatch(
      /^The SLO holds up to 70 users and is missed from 80 users on, where tpot_p95 fails/,
    );
  });

  it('gets no knee out of a sweep whose highest level is that of one surviving repetition', () => {
    expect(analysis.knee).toBeNull();
    expect(analysis.kneeRefused).toMatch(/no better than a straight line/);
    expect(analysis.slotLimit).toBeNull();
    expect(kinds(analysis)).toContain('left_out');
  });

  it('is refused by the Universal Scalability Law, which explains 56 % of its throughput', () => {
    const [x, y] = [loads('000-vllm-70b'), column('000-vllm-70b', 'actual_rps')];
    expect(fitUsl(x, y)!.r2).toBeCloseTo(0.56, 2);
    expect(uslOpinion(x, y, 'requests/s', true)).toMatchObject({
      load: null,
      refused: expect.stringMatching(/R² 0\.56/),
    });
  });

  it('has its tail leave before its median', () => {
    const tail = analysis.findings.find(({ kind }) => kind === 'ttft_tail')!;
    expect(tail.text).toBe(
      'TTFT p95 at 90 users is 5.82 s while its p50 is still 231 ms: requests queue now and then, not always.',
    );
  });
});

describe('001, EAGLE-3 with 64 slots', () => {
  const name = '001-eagle3';
  const analysis = analysisOf(name, SLO, 64);

  it('is first saturated at 70 users', () => {
    expect(analysis.firstSaturated).toBe(70);
  });

  it('has its knee at 63.0 users and 904 ms more per user beyond, from the levels that failures do not distort', () => {
    expect(analysis.knee!.load).toBeCloseTo(63.0, 1);
    expect(analysis.knee!.slopeSecondsPerUser).toBeCloseTo(0.904, 3);
    expect(1 / analysis.knee!.slopeSecondsPerUser).toBeCloseTo(1.11, 2);
    expect(analysis.knee!.lower).toBeGreaterThan(55);
    expect(analysis.knee!.upper).toBeLessThanOrEqual(70);
    const firstSeven = fitHinge(loads(name).slice(0, 7), column(name, 'ttft_p50_ms').slice(0, 7), {
      flatBefore: true,
    })!;
    expect(firstSeven.at).toBeCloseTo(analysis.knee!.load, 9);
  });

  it('would have it at 57.2 if the censored levels were fitted too', () => {
    expect(fitHinge(loads(name), column(name, 'ttft_p50_ms'), { flatBefore: true })!.at).toBeCloseTo(57.2, 1);
  });

  it.each([
    [70, 6.48],
    [80, 16.7],
    [110, 40.6],
    [140, 56.1],
  ])('makes %d users wait %d s for one of 64 slots', (load, seconds) => {
    const point = seedResults(name)
      .map(pointOf)
      .find((level) => level.load === load)!;
    const wait = predictedTtft({ slots: 64, baseSeconds: 0 }, load, point.requestsPerSecond);
    expect(wait).toBeCloseTo(seconds, 1);
    expect(Math.abs(wait / point.ttftP50 - 1)).toBeLessThan(0.15);
  });

  it('tells its 64 slots from the waiting times alone', () => {
    const limit = analysisOf(name, SLO).slotLimit!;
    expect(limit.slots).toBeGreaterThan(63);
    expect(limit.slots).toBeLessThan(66);
    expect(limit.lower).toBeLessThan(64);
    expect(limit.upper).toBeGreaterThan(64);
    expect(limit.advertised).toBeNull();
  });

  it('names the admission limit as the cause of every saturated level', () => {
    const saturated = analysis.levels.filter(({ verdict }) => verdict === 'saturated');
    expect(saturated).toHaveLength(10);
    for (const { causes } of saturated) expect(causes.map(({ cause }) => cause)).toEqual(['admission_limit']);
  });

  it('serves no more successful requests while its completions rise', () => {
    const ok = seedResults(name).map((level) => Number(pointOf(level).okPerSecond.toFixed(2)));
    expect(ok).toEqual([0.94, 0.79, 0.93, 0.96, 0.69, 0.91, 0.94, 0.8, 0.77, 0.6, 0.88, 0.66]);
    const warning = analysis.warnings.find(({ kind }) => kind === 'failures_as_throughput')!;
    expect(warning.text).toMatch(/rise from 0\.941 to 1\.56 per second .* successful ones go from 0\.941 to 0\.655/);
  });

  it('is warned of for its time-outs, its survivors and their better TPOT', () => {
    expect(kinds(analysis)).toEqual(expect.arrayContaining(['censoring', 'survivors', 'faster_survivors']));
  });

  it('makes Kneedle see a knee at 140 users, which the opinion refuses', () => {
    expect(kneedle(loads(name), column(name, 'ttft_p50_ms'), 'convex')).toBe(140);
    const opinion = analysis.opinions.find(({ method }) => method === 'kneedle')!;
    expect(opinion).toMatchObject({ load: null, refused: 'levels: 12, 15 needed for a smooth curve' });
  });
});

describe('002, three workers of 64', () => {
  const analysis = analysisOf('002-dynamo-kv', SLO, 192);

  it('makes 200 users wait 1.56 s for one of 192 slots, near the 1.71 s published', () => {
    const point = pointOf(seedResults('002-dynamo-kv')[2]!);
    expect(predictedTtft({ slots: 192, baseSeconds: 0 }, 200, point.requestsPerSecond)).toBeCloseTo(1.56, 2);
    expect(point.ttftP50).toBeCloseTo(1.71, 2);
    expect(analysis.slotLimit!.lower).toBeLessThan(192);
    expect(analysis.slotLimit!.upper).toBeGreaterThan(192);
    expect(analysis.slotLimit!.slots).toBeCloseTo(193.6, 1);
    expect(analysis.findings.find(({ kind }) => kind === 'slot_limit')!.text).toMatch(/the 192 slots .* advertises/);
  });

  it('is not saturated: throughput keeps up with the users', () => {
    expect(verdicts(analysis)).toEqual(['160 degrading', '180 degrading', '200 degrading']);
  });
});

describe('003, a small model on an L4', () => {
  const analysis = analysisOf('003-l4-qwen', NO_SLO);

  it('is clean at every level', () => {
    expect(analysis.levels.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 6 }, () => 'clean'));
    expect(analysis.firstSaturated).toBeNull();
  });

  it('follows the Universal Scalability Law to a maximum that was not tested', () => {
    const fit = fitUsl(loads('003-l4-qwen'), column('003-l4-qwen', 'tops'))!;
    expect(fit.gamma).toBeCloseTo(177, 0);
    expect(fit.alpha).toBeCloseTo(0.0124, 4);
    expect(fit.beta).toBeCloseTo(1.3e-4, 5);
    expect(fit.r2).toBeCloseTo(0.9995, 4);
    expect(fit.peak).toBeCloseTo(87, 0);
    const opinion = analysis.opinions.find(({ method }) => method === 'usl')!;
    expect(opinion.refused).toBeNull();
    expect(opinion.text).toMatch(/beyond the highest level \(32 users\): extrapolated$/);
  });

  it('has no knee, by hinge or Kneedle, and no slot limit', () => {
    expect(analysis.knee).toBeNull();
    expect(kneedle(loads('003-l4-qwen'), column('003-l4-qwen', 'tops'), 'concave')).toBeNull();
    expect(analysis.slotLimit).toBeNull();
    expect(analysis.serial).toBeNull();
  });
});

describe('004, behind one lock', () => {
  it('is serial service', () => {
    const analysis = analysisOf('004-serial', NO_SLO);
    expect(analysis.serial!.requestsPerSecond).toBeCloseTo(23.6, 1);
    expect(analysis.summary).toMatch(
      /^Requests are served one after the other: .* 42\.4 ms a request whatever the load/,
    );
  });
});

describe('the averaged baseline, 40 to 180 users', () => {
  const kv = 'kv-baseline-kv-aware';
  const rr = 'kv-baseline-round-robin';

  it('has no maximum of throughput within what the Universal Scalability Law can tell', () => {
    const fit = fitUsl(loads(kv), column(kv, 'tops'))!;
    expect(fit.beta).toBeLessThan(1e-9);
    expect(fit.alpha).toBeCloseTo(0.012, 3);
    expect(fit.r2).toBeCloseTo(0.92, 2);
    expect(fit.peak).toBeNull();
    expect(uslOpinion(loads(kv), column(kv, 'tops'), 'tokens/s', true)).toMatchObject({
      load: null,
      text: expect.stringMatching(/no maximum found$/),
    });
  });

  const p95 = (name: string): { load: number; seconds: number }[] =>
    seedLevels(name).map((level) => ({ load: level.concurrency, seconds: level.ttft_p95_ms! / 1000 }));

  it('has a knee of TTFT p95 at 166 users with KV-aware routing', () => {
    const { knee } = findKnee(p95(kv), DEFAULT_THRESHOLDS, true);
    expect(knee!.load).toBeCloseTo(166, 0);
    // Only two levels lie beyond it, so that it is known to lie between two others at best.
    expect(knee!.lower).toBeLessThanOrEqual(160);
    expect(knee!.upper).toBeGreaterThanOrEqual(170);
  });

  it('has none with round robin, where 2.5 ms per user beyond 138 are no knee', () => {
    const x = loads(rr);
    const fit = fitHinge(x, column(rr, 'ttft_p95_ms'), { flatBefore: true })!;
    expect(fit.at).toBeCloseTo(138, 0);
    expect(fit.slope).toBeCloseTo(2.5, 1);
    const { knee, refused } = findKnee(p95(rr), DEFAULT_THRESHOLDS, true);
    expect(knee).toBeNull();
    expect(refused).toMatch(/not a knee$/);
  });
});

describe('levels with load left over from before', () => {
  const analysis = analysisOf('leftover-load', SLO);

  it.each([
    [0, 3.1],
    [1, 2.4],
    [2, 1.62],
  ])('are invalid by Little’s law (%#)', (index, ratio) => {
    const { verdict, reason } = analysis.levels[index]!;
    expect(verdict).toBe('invalid');
    expect(Number(/a ratio of ([\d.]+)/.exec(reason)![1])).toBeCloseTo(ratio, 1);
    expect(reason).toMatch(/load came from elsewhere or was left from before$/);
  });

  it('leave nothing to conclude from', () => {
    expect(analysis.summary).toBe('No level could be used.');
    expect(analysis.findings).toEqual([]);
    expect(analysis.boundaries).toEqual([]);
  });
});
