import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyseRun } from '../../src/analysis/analyse-run.js';
import type { Estimate, LevelResult, SloShare } from '../../src/analysis/level-result.js';
import type { RunAnalysis } from '../../src/analysis/run-analysis.js';
import { DEFAULT_THRESHOLDS } from '../../src/analysis/thresholds.js';
import type { SloSpec } from '../../src/config/spec.js';
import { bare, quantiles, UNKNOWN_LEVEL } from '../support/seed-levels.js';

const TTFT_SLO: SloSpec = {
  latency: [{ name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 }],
  errorRatio: null,
};

interface Made {
  load: number;
  rate?: number;
  ttftMs?: number;
  p95Ms?: number;
  errors?: number;
  changes?: Partial<LevelResult>;
}

function made(
  { load, rate = load, ttftMs = 100, p95Ms = 200, errors = 0, changes = {} }: Made,
  level = 0,
): LevelResult {
  const ttft = quantiles(ttftMs, p95Ms);
  return { ...UNKNOWN_LEVEL, level, load, requestsPerSecond: rate, errorRatio: errors, ttft, ...changes };
}

function analyse(levels: readonly Made[], changes: Partial<Parameters<typeof analyseRun>[0]> = {}): RunAnalysis {
  return analyseRun({
    levels: levels.map(made),
    slo: TTFT_SLO,
    arrival: 'closed',
    totalTimeoutSeconds: 120,
    advertisedSlots: null,
    ...changes,
  });
}

const verdicts = (analysis: RunAnalysis): string[] => analysis.levels.map(({ verdict }) => verdict);

describe('a level is', () => {
  const flat: Made = { load: 10, ttftMs: 100 };

  it('clean while throughput follows the users and objectives are met', () => {
    const analysis = analyse([flat, { load: 20 }]);
    expect(verdicts(analysis)).toEqual(['clean', 'clean']);
    expect(analysis.levels[1]!.reason).toBe(
      'throughput gains 1.00 per user added against 10 users; TTFT p50 is 1 × that at 10 users; ttft_p95 has 66.7 % to spare',
    );
  });

  it('degrading when an objective is missed', () => {
    const level = analyse([flat, { load: 20, p95Ms: 900 }]).levels[1]!;
    expect(level).toMatchObject({ verdict: 'degrading', reason: 'misses ttft_p95 (1.5 × its limit)' });
    expect(level.bindingSlo).toEqual({ slo: 'ttft_p95', margin: expect.closeTo(-0.5, 9) });
  });

  it('degrading when throughput no longer follows', () => {
    expect(verdicts(analyse([flat, { load: 20, rate: 14 }]))).toEqual(['clean', 'degrading']);
    expect(verdicts(analyse([flat, { load: 20, rate: 15 }]))).toEqual(['clean', 'clean']);
  });

  it('saturated when TTFT has tripled as well, and not for TTFT alone', () => {
    expect(verdicts(analyse([flat, { load: 20, rate: 12, ttftMs: 301 }]))).toEqual(['clean', 'saturated']);
    expect(verdicts(analyse([flat, { load: 20, rate: 12, ttftMs: 300 }]))).toEqual(['clean', 'degrading']);
    expect(verdicts(analyse([flat, { load: 20, rate: 20, ttftMs: 301 }]))).toEqual(['clean', 'clean']);
  });

  it('saturated when 5 % of its requests fail, whatever its times', () => {
    const level = analyse([{ load: 10, errors: 0.05, changes: { completed: 200, ok: 190, censored: 10 } }]).levels[0]!;
    expect(level.verdict).toBe('saturated');
    expect(level.reason).toBe('5.0 % of the requests failed, client time-outs 5.0 %');
  });

  it('invalid by its gate, whatever else it shows', () => {
    const level = analyse([{ load: 10, errors: 0.5, changes: { valid: false, invalidReasons: ['little'] } }])
      .levels[0]!;
    expect(level).toMatchObject({ verdict: 'invalid', reason: 'failed the validity gate: little' });
  });

  it('unknown when nothing is known of it', () => {
    const level = analyse([{ load: 10, rate: NaN, ttftMs: NaN, p95Ms: NaN, errors: NaN }]).levels[0]!;
    expect(level.verdict).toBe('unknown');
  });

  it('judged against the best lower level, not the nearest', () => {
    const analysis = analyse([flat, { load: 20, rate: 18 }, { load: 30, rate: 10 }, { load: 40, rate: 19 }]);
    expect(analysis.levels[3]!.numbers.gainPerUser).toBeCloseTo((19 / 18 - 1) / (40 / 20 - 1), 9);
  });

  it('judged without the invalid levels below it', () => {
    const invalid: Made = { load: 5, ttftMs: 1, rate: 100, changes: { valid: false, invalidReasons: ['in_flight'] } };
    const analysis = analyse([invalid, flat, { load: 20 }]);
    expect(verdicts(analysis)).toEqual(['invalid', 'clean', 'clean']);
    expect(analysis.levels[2]!.numbers).toMatchObject({ ttftRatio: 1, gainPerUser: 1 });
  });

  it('judged by thresholds that can be changed', () => {
    const thresholds = { ...DEFAULT_THRESHOLDS, gainPerUser: 0.05, errorRatio: 0.5 };
    const levels = [flat, { load: 20, rate: 12, errors: 0.1 }];
    expect(verdicts(analyse(levels, { thresholds, slo: { latency: [], errorRatio: null } }))).toEqual([
      'clean',
      'clean',
    ]);
  });

  it('the same whatever order the levels were run in', () => {
    const levels = [flat, { load: 20, rate: 19 }, { load: 40, rate: 21, ttftMs: 900, p95Ms: 2000 }];
    const forward = analyse(levels);
    const results = levels.map(made);
    const backward = analyse([], { levels: [...results].reverse() });
    expect(backward).toEqual(forward);
  });
});

describe('the SLO boundary', () => {
  function share(good: number, n: number, width = 0.02): SloShare {
    const value = good / n;
    const estimate: Estimate = { value, n, lower: value - width, upper: Math.min(1, value + width), warning: null };
    return { slo: 'ttft_p95', good, bad: n - good, undecided: 0, share: estimate, required: 0.95, pass: value >= 0.95 };
  }
  const levels = (goods: readonly number[]): LevelResult[] =>
    goods.map((good, i) => made({ load: (i + 1) * 10, changes: { slo: [share(good, 1000)] } }, i));

  it('lies between the last level that passes and the first that fails, with an interval', () => {
    const { boundaries } = analyse([], { levels: levels([1000, 990, 970, 900, 500]) });
    const all = boundaries[0]!;
    expect(all).toMatchObject({ slo: 'all', lastPass: 30, firstFail: 40 });
    expect(all.lower).toBeLessThan(all.estimate);
    expect(all.upper).toBeGreaterThan(all.estimate);
    expect(all.estimate).toBeGreaterThan(30);
    expect(all.estimate).toBeLessThan(40);
    expect(boundaries[1]).toEqual({ ...all, slo: 'ttft_p95' });
  });

  it('stops at the first failing level even when a higher one passes again', () => {
    const { boundaries } = analyse([], { levels: levels([1000, 940, 960, 900]) });
    expect(boundaries[0]).toMatchObject({ lastPass: 10, firstFail: 20 });
  });

  it('has no estimate where no level fails, or where all do', () => {
    expect(analyse([], { levels: levels([1000, 990]) }).boundaries[0]).toMatchObject({
      lastPass: 20,
      firstFail: null,
      estimate: NaN,
    });
    expect(analyse([], { levels: levels([900, 800]) }).boundaries[0]).toMatchObject({
      lastPass: null,
      firstFail: 10,
      estimate: NaN,
    });
  });

  it('is what a search has proven, not what levels that it left undecided were seen to do', () => {
    const searched = { lastPass: 10, firstFail: 40, estimate: 27 };
    const { boundaries, summary } = analyse([], { levels: levels([1000, 960, 940, 900]), searched });
    expect(boundaries[0]).toEqual({ slo: 'all', ...searched, lower: 10, upper: 40 });
    expect(boundaries[1]).toMatchObject({ slo: 'ttft_p95', lastPass: 20, firstFail: 30 });
    expect(summary).toMatch(
      /^The SLO holds up to 10 users and is missed from 40 users on, where ttft_p95 fails \(estimate 27, 10 to 40\)\./,
    );
  });

  it('counts failures as misses where only quantiles are known', () => {
    const { boundaries } = analyse([{ load: 10 }, { load: 20, errors: 0.06 }]);
    expect(boundaries[0]).toMatchObject({ lastPass: 10, firstFail: 20 });
  });

  it('is also that of the error objective', () => {
    const slo: SloSpec = { ...TTFT_SLO, errorRatio: 0.01 };
    const { boundaries } = analyse([{ load: 10 }, { load: 20, errors: 0.02 }], { slo });
    expect(boundaries.map(({ slo: name }) => name)).toEqual(['all', 'ttft_p95', 'errors']);
    expect(boundaries[0]).toMatchObject({ lastPass: 10, firstFail: 20 });
    expect(boundaries[1]).toMatchObject({ lastPass: 20, firstFail: null });
  });

  it('is told without what was never measured', () => {
    const slo: SloSpec = {
      ...TTFT_SLO,
      latency: [...TTFT_SLO.latency, { name: 'tpot_p95', metric: 'tpot', quantile: 0.95, seconds: 0.06 }],
    };
    const analysis = analyse([{ load: 10 }, { load: 20, p95Ms: 700 }], { slo });
    expect(analysis.boundaries[0]).toMatchObject({ lastPass: 10, firstFail: 20 });
    expect(analysis.warnings.map(({ kind }) => kind)).toEqual(['not_measured']);
  });

  it('is not proven by few requests', () => {
    const few = made({ load: 10, changes: { slo: [share(70, 70)] } });
    const analysis = analyse([], { levels: [few] });
    expect(analysis.levels[0]!.certificates).toEqual([
      { slo: 'ttft_p95', requests: 70, misses: 0, certified: false, requestsNeeded: 90 },
    ]);
    expect(analysis.warnings.find(({ kind }) => kind === 'not_proven')!.text).toMatch(
      /0 of 70 requests missed; 90 would/,
    );
  });

  it('never claims a pass above the first fail', () => {
    const shares = fc.array(fc.integer({ min: 800, max: 1000 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(shares, (goods) => {
        const { lastPass, firstFail, lower, upper, estimate } = analyse([], { levels: levels(goods) }).boundaries[0]!;
        if (lastPass !== null && firstFail !== null) expect(lastPass).toBeLessThan(firstFail);
        // A bound that is not finite is open: it lies beyond the levels tested.
        const isClosed = [estimate, lower, upper].every((bound) => Number.isFinite(bound));
        if (isClosed) expect(lower).toBeLessThanOrEqual(upper);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a slot limit', () => {
  /** A server of 32 slots whose requests take 10 s. */
  const queueing = (loads: readonly number[]): Made[] =>
    loads.map((load) => {
      const rate = Math.min(load, 32) / 10;
      return { load, rate, ttftMs: 100 + (1000 * Math.max(0, load - 32)) / rate };
    });

  it('is told from the waiting times', () => {
    const limit = analyse(queueing([8, 16, 32, 40, 48, 64]), { advertisedSlots: 32 }).slotLimit!;
    expect(limit.slots).toBeCloseTo(32, 6);
    expect(limit.advertised).toBe(32);
  });

  it('is bracketed by its neighbours where only the highest level waits', () => {
    expect(analyse(queueing([8, 16, 24, 40])).slotLimit).toMatchObject({ lower: 24, upper: 40 });
  });

  it('is not the advertised one when requests wait below it', () => {
    const analysis = analyse(queueing([8, 16, 32, 40, 48, 64]), { advertisedSlots: 256 });
    expect(analysis.findings.find(({ kind }) => kind === 'slot_limit')!.text).toMatch(
      /not the 256 slots .* something else holds requests back/,
    );
  });

  it('is not seen where nothing waits, in open loop, or where waiting does not last', () => {
    expect(analyse(queueing([8, 16, 24, 32])).slotLimit).toBeNull();
    expect(analyse(queueing([8, 16, 32, 40, 48, 64]), { arrival: 'poisson' }).slotLimit).toBeNull();
    const spike = queueing([8, 16, 32, 40, 48])
      .with(2, { load: 32, rate: 3.2, ttftMs: 5000 })
      .with(4, { load: 48, rate: 3.2 });
    expect(analyse(spike).slotLimit).toBeNull();
  });

  it('is not read into a TTFT that grows by computing', () => {
    const computing = [1, 2, 4, 8, 16, 32].map((load) => ({ load, rate: load * 0.9, ttftMs: 30 + load * 5 }));
    expect(analyse(computing).slotLimit).toBeNull();
  });
});

describe('serial service', () => {
  const flat = (load: number, changes: Partial<LevelResult> = {}): Made => ({ load, rate: 20, ttftMs: NaN, changes });

  it('is throughput that is flat from the first level on', () => {
    expect(analyse([flat(1), flat(5), flat(10)]).serial!.requestsPerSecond).toBe(20);
  });

  it('is not a server that is full below the lowest level', () => {
    const full = (load: number): Made => ({
      ...flat(load, { latency: quantiles(load * 50 + 1000, 0) }),
      ttftMs: load * 50,
    });
    expect(analyse([full(40), full(80)]).serial).toBeNull();
  });

  it('is not told from loads that hardly differ', () => {
    expect(analyse([flat(10), flat(15)]).serial).toBeNull();
  });
});

describe('the analysis', () => {
  it('of no level says so', () => {
    const analysis = analyse([]);
    expect(analysis).toMatchObject({
      levels: [],
      firstSaturated: null,
      knee: null,
      summary: 'No level could be used.',
    });
    expect(analysis.kneeRefused).toMatch(/^usable levels with a TTFT: 0/);
  });

  it('does not fail on levels of which anything may be unknown', () => {
    const maybe = (max: number): fc.Arbitrary<number> =>
      fc.oneof(fc.constant(NaN), fc.constant(0), fc.double({ min: max / 1e6, max, noNaN: true }));
    const level = fc.record({
      load: fc.integer({ min: 1, max: 500 }),
      rate: maybe(100),
      ttftMs: maybe(1e5),
      p95Ms: maybe(1e5),
      errors: maybe(1),
      changes: fc.record({ latency: fc.constant({ ...quantiles(), p95: bare(119) }), valid: fc.boolean() }),
    });
    fc.assert(
      fc.property(fc.array(level, { maxLength: 12 }), fc.constantFrom('closed', 'poisson'), (levels, arrival) => {
        const analysis = analyse(levels, { arrival: arrival as 'closed', slo: { ...TTFT_SLO, errorRatio: 0.01 } });
        expect(analysis.levels).toHaveLength(levels.length);
        const text = [...analysis.findings, ...analysis.warnings].map((finding) => finding.text).join(' ');
        expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
        for (const { reason } of analysis.levels) expect(reason).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 150 },
    );
  });

  it('takes named causes from elsewhere and does not name the admission limit twice', () => {
    const loads = [8, 16, 32, 40, 48, 64];
    const levels = loads.map((load) => {
      const rate = Math.min(load, 32) / 10;
      return { load, rate, ttftMs: 100 + (1000 * Math.max(0, load - 32)) / rate };
    });
    const cause = { cause: 'admission_limit' as const, text: 'waiting 32, running flat at 32' };
    const analysis = analyse(levels, { causes: new Map([[5, [cause]]]) });
    expect(analysis.levels[5]!.causes).toEqual([cause]);
    expect(analysis.levels[4]!.causes.map((named) => named.text)).toEqual([
      '16 of 48 users wait for one of 32 slots: at 3.2 requests per second that takes 5 s',
    ]);
  });
});
