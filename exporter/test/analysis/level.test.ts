import { describe, expect, it } from '@jest/globals';
import { summariseLevel, usableWindows } from '../../src/analysis/level.js';
import { decideSlo } from '../../src/measure/slo-decision.js';
import type { LatencyObjective, SloMetric } from '../../src/config/spec.js';
import { gaps, record, spec, UNANSWERED, window } from './samples.js';

const objective = (metric: SloMetric, seconds: number): LatencyObjective => ({
  name: `${metric}_p95`,
  metric,
  quantile: 0.95,
  seconds,
});

describe('an observation belongs to the window in which it happens', () => {
  it('TTFT at the first token, latency at the end', () => {
    const early = record(9.5);
    const crossing = record(9.95);
    const late = record(19.5);
    const result = summariseLevel(spec(), 0, [window()], [early, crossing, late]);
    expect(result.ttft.p50.n).toBe(2);
    expect(result.latency.p50.n).toBe(2);
    expect(result.completed).toBe(2);
    expect(result.started).toBe(1);
  });

  it('with the window closed at its beginning and open at its end', () => {
    const atStart = record(9, { firstTokenAt: 10 });
    const atEnd = record(19, { firstTokenAt: 20 });
    const result = summariseLevel(spec(), 0, [window()], [atStart, atEnd]);
    expect(result.ttft.p50).toMatchObject({ n: 1, value: 1 });
  });

  it('TTFT counts even when the request fails later', () => {
    const result = summariseLevel(spec(), 0, [window()], [record(12, { outcome: 'timeout_total' })]);
    expect(result.ttft.p50.n).toBe(1);
    expect(result.latency.p50.n).toBe(0);
    expect(result).toMatchObject({ errors: { timeout_total: 1 }, censored: 1, errorRatio: 1 });
  });
});

describe('a level', () => {
  const requests = Array.from({ length: 10 }, (_, index) => record(10 + index * 0.9));
  const result = summariseLevel(spec(), 0, [window()], requests);

  it('has the figures of its requests', () => {
    expect(result.ttft.p95.value).toBeCloseTo(0.1, 9);
    expect(result.tpot.p50.value).toBeCloseTo(0.1, 9);
    expect(result.latency.p50.value).toBeCloseTo(0.9, 9);
    expect(result.itl.p50.value).toBeCloseTo(0.1, 3);
    expect(result.itl.p50.n).toBe(4);
    expect(result.requestsPerSecond).toBeCloseTo(1, 9);
    expect(result.outputTokensPerSecond).toBe(9);
    expect(result.inputTokensPerSecond).toBeCloseTo(256, 9);
    expect(result).toMatchObject({
      inputTokensMean: 256,
      outputTokensMean: 9,
      tokensPerChunk: 1,
      tokensSource: 'usage',
    });
    expect(result).toMatchObject({ valid: true, steady: true, errorRatio: 0, errorSlo: { limit: 0.01, pass: true } });
  });

  it('pools raw values over its windows instead of averaging their quantiles', () => {
    const slow = Array.from({ length: 3 }, (_, index) => record(30 + index, { firstTokenAt: 31 + index }));
    const second = window({ id: 'r2-l1', repetition: 2, measureStartedAt: 30, measureEndedAt: 40 });
    const pooled = summariseLevel(spec(), 0, [window(), second], [...requests, ...slow]);
    expect(pooled.ttft.p50.value).toBeCloseTo(0.1, 9);
    expect(pooled.ttft.p95.value).toBe(1);
    expect(pooled.ttft.p95.n).toBe(13);
    expect(pooled.seconds).toBe(20);
    expect(pooled.itl.p50.n).toBe(8);
  });

  it('leaves invalid and excluded windows out as long as another is left', () => {
    const bad = window({ id: 'r2-l1', invalidReasons: ['little'] });
    const excluded = window({
      id: 'r3-l1',
      measureStartedAt: 30,
      measureEndedAt: 40,
      excluded: '33 % of its requests failed',
    });
    expect(usableWindows([window(), bad, excluded]).map(({ id }) => id)).toEqual(['r1-l1']);
    const none = summariseLevel(spec(), 0, [bad, excluded], requests);
    expect(none).toMatchObject({
      valid: false,
      invalidReasons: ['little', 'excluded'],
      windowsUsed: ['r2-l1', 'r3-l1'],
    });
    expect(none.slo[0]).toMatchObject({ good: 10, bad: 0, pass: null });
    expect(none.errorSlo).toEqual({ limit: 0.01, pass: null });
  });

  it('is not steady when the warm-up of a window was not', () => {
    const capped = window({ warmup: { steady: false, reason: 'cap', seconds: 20 } });
    expect(summariseLevel(spec(), 0, [capped], requests).steady).toBe(false);
  });

  it('excludes and counts requests of one token for TPOT', () => {
    const single = summariseLevel(spec(), 0, [window()], [record(12, { outputTokens: 1 }), record(13)]);
    expect(single.tpot.p50.n).toBe(1);
    expect(single.tpotExcluded).toBe(1);
  });

  it('counts latency from the intended start in open loop', () => {
    const delayed = record(12, { intendedAt: 11 });
    const open = summariseLevel(spec({ load: { arrival: 'poisson' } }), 0, [window()], [delayed]);
    expect(open.ttftFromIntended.p50.value).toBeCloseTo(1.1, 9);
    expect(open.latencyFromIntended.p50.value).toBeCloseTo(1.9, 9);
    expect(open.littleRatio).toBeNaN();
  });

  it('of no request has unknown figures, not zeros', () => {
    const empty = summariseLevel(spec(), 0, [window({ itlHistogram: gaps([]), itlCount: 0 })], []);
    expect(empty.ttft.p50).toMatchObject({ value: NaN, n: 0 });
    expect(empty.itl.p95).toMatchObject({ value: NaN, n: 0 });
    expect(empty.errorRatio).toBeNaN();
    expect(empty.inputTokensPerSecond).toBeNaN();
    expect(empty.slo[0]).toMatchObject({ pass: null, good: 0, bad: 0 });
    expect(empty.errorSlo).toEqual({ limit: 0.01, pass: null });
  });

  it('without a window cannot be summarised', () => {
    expect(() => summariseLevel(spec(), 3, [window()], [])).toThrow('level 3 has no measured window');
  });

  it('of 300,000 requests is summarised in seconds of processor time, not minutes', () => {
    const many = Array.from({ length: 300_000 }, (_, index) =>
      record(10 + index * 3e-5, { conversation: index >> 2, firstTokenAt: 10.1 + index * 3e-5 + (index % 97) / 1e4 }),
    );
    const before = process.cpuUsage();
    expect(summariseLevel(spec(), 0, [window()], many).started).toBe(300_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});

describe('an SLO is decided', () => {
  it('for TTFT at the first token, whatever follows', () => {
    const pending = record(12, { endedAt: NaN, completedAt: NaN, outcome: null });
    expect(decideSlo(pending, objective('ttft', 0.2), 13)).toBe('good');
    expect(decideSlo(pending, objective('ttft', 0.05), 13)).toBe('bad');
  });

  it('as a miss for requests that fail or time out', () => {
    const failed = record(12, { ...UNANSWERED, outcome: 'timeout_first_token' });
    for (const metric of ['ttft', 'tpot', 'itl', 'latency'] as const) {
      expect(decideSlo(failed, objective(metric, 100), 20)).toBe('bad');
    }
  });

  it('as a miss for requests under way whose age is beyond the limit, and not before', () => {
    const waiting = record(12, { ...UNANSWERED, endedAt: NaN, outcome: null });
    expect(decideSlo(waiting, objective('ttft', 5), 18)).toBe('bad');
    expect(decideSlo(waiting, objective('ttft', 7), 18)).toBe('undecided');
    expect(decideSlo(waiting, objective('latency', 5), 18)).toBe('bad');
    expect(decideSlo(waiting, objective('tpot', 5), 18)).toBe('undecided');
  });

  it('by the time it was seen for a request that was lost or cut', () => {
    const cut = record(12, { ...UNANSWERED, endedAt: 13, outcome: 'aborted' });
    const lost = record(12, { ...UNANSWERED, endedAt: 13, outcome: null });
    expect(decideSlo(cut, objective('ttft', 5), 100)).toBe('undecided');
    expect(decideSlo(lost, objective('ttft', 5), 100)).toBe('undecided');
    expect(decideSlo(lost, objective('ttft', 0.5), 100)).toBe('bad');
  });

  it('not at all for TPOT and ITL of one token', () => {
    const one = record(12, { outputTokens: 1, tokenChunks: 1 });
    expect(decideSlo(one, objective('tpot', 1), 20)).toBe('none');
    expect(decideSlo(one, objective('itl', 1), 20)).toBe('none');
  });

  it('over the requests started in the window, however late they end', () => {
    const fast = Array.from({ length: 19 }, (_, index) => record(10 + index / 2));
    const slow = record(19.9, { firstTokenAt: 25, endedAt: 26 });
    const [share] = summariseLevel(spec(), 0, [window()], [...fast, slow]).slo;
    expect(share).toMatchObject({ good: 19, bad: 1, undecided: 0, required: 0.95, pass: true });
    expect(share!.share.value).toBeCloseTo(0.95, 12);
  });

  it('against the level when fewer than the asked share met it', () => {
    const fast = Array.from({ length: 18 }, (_, index) => record(10 + index / 2));
    const slow = record(19.9, { firstTokenAt: 25, endedAt: 26 });
    expect(summariseLevel(spec(), 0, [window()], [...fast, slow]).slo[0]!.pass).toBe(false);
  });
});

describe('intervals of ITL', () => {
  it('take requests, not gaps, as independent', () => {
    const itlHistogram = gaps(Array.from({ length: 900 }, (_, index) => 0.01 + index / 1e5));
    const requests = Array.from({ length: 10 }, (_, index) => record(10 + index * 0.9));
    const { itl } = summariseLevel(spec(), 0, [window({ itlHistogram, itlCount: 900 })], requests);
    expect(itl.p50.n).toBe(900);
    expect(itl.p50.upper - itl.p50.lower).toBeGreaterThan(0.004);
    expect(itl.p95.upper).toBeNaN();
  });
});
