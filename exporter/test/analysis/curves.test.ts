import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitHinge, hingeAt } from '../../src/analysis/hinge.js';
import { crossing, nonIncreasing } from '../../src/analysis/isotonic.js';
import { kneedle } from '../../src/analysis/kneedle.js';
import { fitUsl, uslAt } from '../../src/analysis/usl.js';

const LEVELS = [10, 20, 30, 40, 50, 60, 70, 80];

describe('a hinge', () => {
  it('is found between levels', () => {
    const y = LEVELS.map((x) => hingeAt({ at: 43, base: 0.2, before: 0, slope: 0.5 }, x));
    const fit = fitHinge(LEVELS, y, { flatBefore: true })!;
    expect(fit.at).toBeCloseTo(43, 2);
    expect(fit.slope).toBeCloseTo(0.5, 3);
    expect(fit.base).toBeCloseTo(0.2, 3);
    expect(fit.bicGain).toBeGreaterThan(10);
  });

  it('may rise before it where it is not held flat', () => {
    const y = LEVELS.map((x) => hingeAt({ at: 55, base: 1, before: 0.1, slope: 0.4 }, x));
    const fit = fitHinge(LEVELS, y, { flatBefore: false })!;
    expect(fit.at).toBeCloseTo(55, 2);
    expect(fit.before).toBeCloseTo(0.1, 3);
    expect(fit.slope).toBeCloseTo(0.4, 3);
  });

  it('does not beat a straight line through a straight line', () => {
    const y = LEVELS.map((x, i) => 0.1 * x + 0.01 * (i % 2));
    expect(fitHinge(LEVELS, y, { flatBefore: true })!.p).toBeGreaterThan(0.1);
  });

  it('needs five points, known values and a spread', () => {
    expect(fitHinge([1, 2, 3, 4], [1, 1, 2, 3], { flatBefore: true })).toBeNull();
    expect(fitHinge(LEVELS, LEVELS.with(3, NaN), { flatBefore: true })).toBeNull();
    expect(fitHinge([5, 5, 5, 5, 5], [1, 2, 3, 4, 5], { flatBefore: true })).toBeNull();
  });

  it('never fits worse than no hinge', () => {
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(values, (y) => {
        const fit = fitHinge(LEVELS, y, { flatBefore: true })!;
        expect(fit.sse).toBeLessThanOrEqual(fit.lineSse * (1 + 1e-9) + 1e-9);
        expect(fit.at).toBeGreaterThanOrEqual(10);
        expect(fit.at).toBeLessThanOrEqual(70);
      }),
    );
  });
});

describe('the Universal Scalability Law', () => {
  it('finds the constants that made the data', () => {
    const made = { gamma: 12, alpha: 0.05, beta: 0.001 };
    const users = [1, 2, 4, 8, 16, 32, 64];
    const fit = fitUsl(
      users,
      users.map((n) => uslAt(made, n)),
    )!;
    expect(fit.gamma).toBeCloseTo(12, 4);
    expect(fit.alpha).toBeCloseTo(0.05, 5);
    expect(fit.beta).toBeCloseTo(0.001, 6);
    expect(fit.peak).toBeCloseTo(Math.sqrt(0.95 / 0.001), 1);
  });

  it('of perfect scaling has no maximum', () => {
    const fit = fitUsl([1, 2, 4, 8], [3, 6, 12, 24])!;
    expect(fit.alpha).toBeCloseTo(0, 9);
    expect(fit.peak).toBeNull();
  });

  it('does not fit what is not a throughput', () => {
    expect(fitUsl([1, 2, 4, 8], [3, 6, NaN, 24])).toBeNull();
    expect(fitUsl([1, 2, 4, 8], [3, 6, 0, 24])).toBeNull();
  });
});

describe('Kneedle', () => {
  it('finds the corner of a dense curve', () => {
    const x = Array.from({ length: 40 }, (_, i) => i + 1);
    expect(
      kneedle(
        x,
        x.map((value) => Math.min(value, 12)),
        'concave',
      ),
    ).toBe(12);
    expect(
      kneedle(
        x,
        x.map((value) => Math.max(0, value - 28)),
        'convex',
      ),
    ).toBe(28);
  });

  it('finds none in a straight line', () => {
    expect(kneedle(LEVELS, LEVELS, 'concave')).toBeNull();
  });
});

describe('a fit that never rises', () => {
  it('pools what rises, by weight', () => {
    expect(nonIncreasing([1, 0.6, 0.9, 0.2], [1, 1, 2, 1])).toEqual(
      [1, 0.8, 0.8, 0.2].map((v) => expect.closeTo(v, 12)),
    );
  });

  it('keeps order, total and length', () => {
    const points = fc.array(
      fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true })),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(points, (drawn) => {
        const values = drawn.map(([value]) => value);
        const weights = drawn.map(([, weight]) => weight);
        const fit = nonIncreasing(values, weights);
        expect(fit).toHaveLength(values.length);
        fit.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(fit[i]!));
        const total = (list: readonly number[]): number => list.reduce((sum, value, i) => sum + value * weights[i]!, 0);
        expect(total(fit)).toBeCloseTo(total(values), 6);
      }),
    );
  });

  it('crosses a level between two points, or outside of them', () => {
    expect(crossing([10, 20, 30], [1, 0.9, 0.7], 0.8)).toBeCloseTo(25, 12);
    expect(crossing([10, 20], [1, 0.9], 0.5)).toBe(Infinity);
    expect(crossing([10, 20], [0.4, 0.3], 0.5)).toBe(-Infinity);
  });
});
