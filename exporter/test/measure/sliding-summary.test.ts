import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlidingSummary } from '../../src/measure/sliding-summary.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99];

/** The ⌈q·n⌉-th smallest. */
function nearestRank(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] ?? NaN;
}

describe('a sliding summary', () => {
  it('is NaN before the first observation', () => {
    expect(new SlidingSummary().quantile(0.5, 100)).toBeNaN();
  });

  it('takes the nearest rank, so that a bimodal median is one of the two modes', () => {
    const summary = new SlidingSummary();
    for (let i = 0; i < 10; i++) {
      summary.add(1, 0.2);
      summary.add(1, 10);
    }
    expect(summary.quantile(0.5, 1) / 0.2).toBeCloseTo(1, 2);
    expect(summary.quantile(0.51, 1) / 10).toBeCloseTo(1, 2);
  });

  it('weighs early and late observations alike', () => {
    const summary = new SlidingSummary(60, 1);
    for (let i = 0; i < 10; i++) summary.add(0.1, 5);
    for (let i = 0; i < 20; i++) summary.add(30, 0.2);
    expect(summary.quantile(0.5, 31)).toBeCloseTo(0.2, 2);
  });

  it('stays within 1 % of the exact quantiles of the last 60 slices of any stream', () => {
    const step = fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: -6, max: 3.8, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 120 }),
        fc.double({ min: 0, max: 70, noNaN: true }),
        (steps, wait) => {
          const summary = new SlidingSummary(60, 1);
          const seen: { at: number; value: number }[] = [];
          let now = 1e5;
          for (const [pause, exponent] of steps) {
            now += pause;
            const value = 10 ** exponent;
            summary.add(now, value);
            seen.push({ at: now, value });
          }
          now += wait;
          const inWindow = seen.filter(({ at }) => Math.floor(now) - Math.floor(at) < 60).map(({ value }) => value);
          expect(summary.windowCount(now)).toBe(inWindow.length);
          for (const q of QUANTILES) {
            const exact = nearestRank(inWindow, q);
            const estimate = summary.quantile(q, now);
            if (Number.isNaN(exact)) expect(estimate).toBeNaN();
            else expect(Math.abs(estimate / exact - 1)).toBeLessThanOrEqual(0.0051);
          }
        },
      ),
    );
  });

  it('forgets an observation exactly when its slice leaves the window', () => {
    const summary = new SlidingSummary(60, 1);
    summary.add(10.5, 3);
    summary.add(11.5, 1);
    expect(summary.windowCount(69.999)).toBe(2);
    expect(summary.windowCount(70)).toBe(1);
    expect(summary.quantile(0.99, 70)).toBeCloseTo(1, 1);
    expect(summary.windowCount(71)).toBe(0);
  });

  it('is NaN again after an idle window, while sum and count stay', () => {
    const summary = new SlidingSummary(60, 1);
    summary.add(0, 2);
    summary.add(0.5, 3);
    expect(summary.quantile(0.5, 1e6)).toBeNaN();
    expect(summary.sum).toBe(5);
    expect(summary.count).toBe(2);
  });

  it('fills anew after an idle time of many windows', () => {
    const summary = new SlidingSummary(60, 1);
    for (let t = 0; t < 200; t++) summary.add(t, 9);
    summary.add(1e6 + 7, 0.5);
    expect(summary.windowCount(1e6 + 7)).toBe(1);
    expect(summary.quantile(0.5, 1e6 + 7)).toBeCloseTo(0.5, 2);
  });

  it('counts a late observation in the slice of its own time', () => {
    const summary = new SlidingSummary(60, 1);
    summary.add(100, 1);
    summary.add(50, 4);
    expect(summary.windowCount(100)).toBe(2);
    expect(summary.windowCount(110)).toBe(1);
  });

  it('counts an observation that is older than the window in sum and count only', () => {
    const summary = new SlidingSummary(60, 1);
    summary.add(100, 1);
    summary.add(40, 4);
    expect(summary.windowCount(100)).toBe(1);
    expect(summary.count).toBe(2);
  });

  it('does not go back when read at an earlier time', () => {
    const summary = new SlidingSummary(60, 1);
    summary.add(100, 1);
    expect(summary.windowCount(90)).toBe(1);
    expect(summary.windowCount(100)).toBe(1);
  });

  it('shares nothing with another instance', () => {
    const first = new SlidingSummary();
    const second = new SlidingSummary();
    first.add(1, 1);
    expect(second.windowCount(1)).toBe(0);
    expect(second.count).toBe(0);
  });

  it('ignores what is not a number and takes tiny gaps as 0', () => {
    const summary = new SlidingSummary();
    summary.add(1, NaN);
    summary.add(1, Infinity);
    expect(summary.count).toBe(0);
    summary.add(1, 0);
    expect(summary.quantile(0.5, 1)).toBe(0);
  });

  it('works with other windows and slices, and at negative times of a clock', () => {
    const summary = new SlidingSummary(10, 0.5);
    summary.add(-20.2, 1);
    expect(summary.windowCount(-10.6)).toBe(1);
    expect(summary.windowCount(-10.5)).toBe(0);
  });

  it('refuses a window that is no whole number of slices', () => {
    expect(() => new SlidingSummary(60, 7)).toThrow('a window of 60 s is not a whole number of slices of 7 s');
    expect(() => new SlidingSummary(60, 0)).toThrow(RangeError);
  });
});
