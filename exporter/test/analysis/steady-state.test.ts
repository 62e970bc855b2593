import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/analysis/bootstrap.js';
import { mser } from '../../src/analysis/mser.js';
import {
  warmupVerdict,
  type TimedValue,
  type WarmupProgress,
  type WarmupVerdict,
} from '../../src/analysis/steady-state.js';
import { hasTrend, trend } from '../../src/analysis/trend.js';

type Random = () => number;

const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
/** Lognormal noise around 1 with σ = 0.3. */
const noise = (random: Random): number => Math.exp(0.3 * normal(random));

/** `perSecond` TTFTs a second up to `seconds`, at evenly spaced times. */
function series(seconds: number, perSecond: number, value: (at: number) => number): TimedValue[] {
  const n = Math.floor(seconds * perSecond);
  return Array.from({ length: n }, (_, index) => ({
    at: (index + 1) / perSecond,
    value: value((index + 1) / perSecond),
  }));
}

function progress(elapsed: number, ttft: TimedValue[], changes: Partial<WarmupProgress> = {}): WarmupProgress {
  return {
    minimumSeconds: 4,
    capSeconds: 20,
    elapsed,
    ttft,
    inFlight: series(elapsed, 2, () => 8),
    turnMix: ttft.map(({ at }) => ({ at, turn: 1 })),
    earlierInFlight: 0,
    ...changes,
  };
}

/** Asks every half second as a sweep does; the verdict that ended the warm-up and when. */
function pollUntilDone(ttft: TimedValue[], minimumSeconds = 4): WarmupVerdict & { at: number } {
  for (let at = 0.5; ; at += 0.5) {
    const seen = ttft.filter((point) => point.at <= at);
    const verdict = warmupVerdict(progress(at, seen, { minimumSeconds, capSeconds: 5 * minimumSeconds }));
    if (verdict.done) return { ...verdict, at };
  }
}

describe('MSER-5', () => {
  it('cuts a transient off the beginning', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 200 }, (_, index) => (index < 40 ? 5 : 1) + 0.1 * normal(random));
    expect(mser(values)).toMatchObject({ cut: 40, late: false });
  });

  it('cuts nothing off a constant series', () => {
    expect(mser(new Array<number>(50).fill(3))).toMatchObject({ cut: 0, late: false });
  });

  it('finds no steady state when the level shifts in the last third', () => {
    const random = seededRandom(2);
    expect(mser(Array.from({ length: 120 }, (_, i) => (i < 80 ? 1 : 2) * noise(random))).late).toBe(true);
  });
});

describe('trend', () => {
  it('is found in a straight line', () => {
    const found = trend(series(30, 1, (at) => 1 + at / 30));
    expect(hasTrend(found)).toBe(true);
    expect(found.change).toBeCloseTo(0.64, 1);
  });

  it('is not made of a change too small to matter, however certain', () => {
    expect(hasTrend(trend(series(30, 10, (at) => 1 + at / 1000)))).toBe(false);
  });

  it('is not seen in nothing', () => {
    expect(hasTrend(trend([]))).toBe(false);
    expect(hasTrend(trend(series(30, 1, () => 0)))).toBe(false);
  });
});

describe('a warm-up ends', () => {
  it('at its minimum when all is steady', () => {
    expect(pollUntilDone(series(20, 10, () => 0.1))).toMatchObject({ at: 4, steady: true });
  });

  it('within 8 s at one request per 0.7 s and a minimum of 4 s', () => {
    const random = seededRandom(3);
    const slow = Array.from({ length: 60 }, () => pollUntilDone(series(20, 1 / 0.7, () => 0.03 * noise(random))));
    expect(slow.filter(({ at, steady }) => steady && at <= 8).length).toBeGreaterThanOrEqual(54);
  });

  it.each([
    ['few', 1.4],
    ['some', 6],
    ['many', 30],
  ])('steady before the cap for at least 98 %% of noisy but constant series (%s requests)', (_, perSecond) => {
    const random = seededRandom(4);
    const ended = Array.from({ length: 500 }, () => pollUntilDone(series(20, perSecond, () => noise(random))));
    expect(ended.filter(({ steady, at }) => steady && at < 20).length).toBeGreaterThanOrEqual(490);
  });

  it('steady soon after a transient has passed', () => {
    const random = seededRandom(8);
    const end = pollUntilDone(series(20, 10, (at) => (at < 3 ? 3 : 1) * noise(random)));
    expect(end.steady).toBe(true);
    expect(end.at).toBeGreaterThan(4);
    expect(end.at).toBeLessThan(11);
  });

  it('at the cap, flagged, while TTFT drifts all the time', () => {
    const random = seededRandom(9);
    const ended = Array.from({ length: 100 }, () =>
      pollUntilDone(series(20, 10, (at) => (1 + at / 2) * noise(random))),
    );
    expect(ended.filter(({ steady }) => steady).length).toBeLessThanOrEqual(5);
    const end = ended.find(({ steady }) => !steady)!;
    expect(end.at).toBe(20);
    expect(end.reason).toMatch(/^not steady when the cap of 20 s was reached: TTFT: /);
  });

  it('not while a shift to twice the level lies in its second half', () => {
    const random = seededRandom(10);
    const verdicts = Array.from({ length: 100 }, () =>
      warmupVerdict(
        progress(
          10,
          series(10, 10, (at) => (at < 6.5 ? 1 : 2) * noise(random)),
        ),
      ),
    );
    expect(verdicts.filter(({ done }) => done).length).toBeLessThanOrEqual(2);
  });

  it('not while requests of an earlier level are in flight', () => {
    const verdict = warmupVerdict(
      progress(
        6,
        series(6, 10, () => 0.1),
        { earlierInFlight: 3 },
      ),
    );
    expect(verdict).toEqual({
      done: false,
      steady: false,
      reason: 'not steady yet: 3 requests of an earlier level are in flight',
    });
  });

  it('not before its minimum', () => {
    expect(
      warmupVerdict(
        progress(
          3.9,
          series(3.9, 10, () => 0.1),
        ),
      ).done,
    ).toBe(false);
  });

  it('not while requests in flight climb', () => {
    const inFlight = series(6, 2, (at) => Math.round(2 + 5 * at));
    const verdict = warmupVerdict(
      progress(
        6,
        series(6, 10, () => 0.1),
        { inFlight },
      ),
    );
    expect(verdict.done).toBe(false);
    expect(verdict.reason).toContain('in-flight');
  });

  it('not while all users are still in their first turns', () => {
    const turnMix = series(6, 10, (at) => 1 + Math.floor(at / 2)).map(({ at, value }) => ({ at, turn: value }));
    const verdict = warmupVerdict(
      progress(
        6,
        series(6, 10, () => 0.1),
        { turnMix },
      ),
    );
    expect(verdict.done).toBe(false);
    expect(verdict.reason).toContain('turn mix');
  });

  it('at the cap when too few first tokens came to tell', () => {
    const early = warmupVerdict(
      progress(
        19,
        series(19, 0.2, () => 1),
      ),
    );
    expect(early).toMatchObject({ done: false, reason: 'not steady yet: TTFT: 3 first tokens, 8 needed to tell' });
    expect(
      warmupVerdict(
        progress(
          20,
          series(20, 0.2, () => 1),
        ),
      ),
    ).toMatchObject({ done: true, steady: false });
  });

  it('telling what decided', () => {
    const { reason } = warmupVerdict(
      progress(
        5,
        series(5, 10, () => 0.1),
      ),
    );
    expect(reason).toContain('TTFT steady over 50 first tokens (MSER-5 cuts 0, trend 0.0 % over the span)');
    expect(reason).toContain('one kind of turn');
  });

  it('whatever the order in which first tokens are told', () => {
    const ttft = series(10, 10, (at) => (at < 6.5 ? 1 : 2));
    const shuffled = ttft.toSorted((a, b) => Math.sin(a.at * 100) - Math.sin(b.at * 100));
    expect(warmupVerdict(progress(10, shuffled)).done).toBe(false);
  });
});
