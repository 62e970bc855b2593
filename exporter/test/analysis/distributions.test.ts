import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fTail, regularisedBeta } from '../../src/analysis/distributions.js';

describe('the regularised incomplete beta function', () => {
  it.each([
    [0.5, 2, 3, 0.6875],
    [0.2, 0.5, 0.5, (2 / Math.PI) * Math.asin(Math.sqrt(0.2))],
    [0.9, 10, 1, 0.9 ** 10],
    [0.95, 1, 20, 1 - 0.05 ** 20],
  ])('at %d with a = %d, b = %d', (x, a, b, value) => {
    expect(regularisedBeta(x, a, b)).toBeCloseTo(value, 12);
  });

  it('is the upper tail of the binomial distribution', () => {
    const choose = [1, 12, 66, 220, 495, 792, 924];
    const below = [0, 1, 2, 3, 4, 5, 6].reduce((sum, k) => sum + choose[k]! * 0.3 ** k * 0.7 ** (12 - k), 0);
    expect(regularisedBeta(0.3, 7, 6)).toBeCloseTo(1 - below, 12);
  });

  it('mirrors and never falls', () => {
    const shape = fc.double({ min: 0.5, max: 500, noNaN: true });
    const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(unit, unit, shape, shape, (x, y, a, b) => {
        expect(regularisedBeta(x, a, b) + regularisedBeta(1 - x, b, a)).toBeCloseTo(1, 9);
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        expect(regularisedBeta(high, a, b)).toBeGreaterThanOrEqual(regularisedBeta(low, a, b) - 1e-12);
      }),
    );
  });

  it('is unknown outside its domain', () => {
    expect(regularisedBeta(0.5, 0, 1)).toBeNaN();
    expect(regularisedBeta(NaN, 1, 1)).toBeNaN();
  });
});

describe('the upper tail of F', () => {
  it.each([
    [4.9646, 1, 10, 0.05],
    [19.0, 2, 2, 0.05],
    [5.9523, 3, 20, 0.0045],
  ])('at %d with %d and %d degrees of freedom', (f, above, below, p) => {
    expect(fTail(f, above, below)).toBeCloseTo(p, 3);
  });

  it('is 1 at 0 and unknown without freedom', () => {
    expect(fTail(0, 2, 3)).toBe(1);
    expect(fTail(3, 1, 0)).toBeNaN();
  });
});
