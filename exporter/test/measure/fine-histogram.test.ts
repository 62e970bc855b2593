import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FineHistogram } from '../../src/measure/fine-histogram.js';

const seconds = fc.array(fc.double({ min: 1e-5, max: 7000, noNaN: true }), { minLength: 1, maxLength: 200 });

function histogramOf(values: readonly number[]): FineHistogram {
  const histogram = FineHistogram.create();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('a fine histogram', () => {
  it('knows nothing when empty', () => {
    const histogram = FineHistogram.create();
    expect(histogram.count).toBe(0);
    expect(histogram.mean).toBeNaN();
    expect(histogram.quantile(0.5)).toBeNaN();
  });

  it('gives nearest-rank quantiles to 0.1 % or a microsecond', () => {
    fc.assert(
      fc.property(seconds, fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(q * sorted.length - 1e-9) - 1]!;
        expect(Math.abs(histogramOf(values).quantile(q) - exact)).toBeLessThanOrEqual(exact * 0.001 + 1.5e-6);
      }),
    );
  });

  it('gives the mean to 0.1 %', () => {
    expect(histogramOf([0.02, 0.03, 0.04]).mean).toBeCloseTo(0.03, 4);
  });

  it('pools another one', () => {
    const pooled = histogramOf([0.01, 0.02]);
    pooled.merge(histogramOf([0.5]));
    pooled.merge(FineHistogram.create());
    expect(pooled.count).toBe(3);
    expect(pooled.quantile(1)).toBeCloseTo(0.5, 3);
  });

  it('survives base64, empty or not', () => {
    const histogram = histogramOf([0, 0.005, 0.005, 12]);
    const back = FineHistogram.decode(histogram.encode());
    expect(back.count).toBe(4);
    expect(back.quantile(0.75)).toBe(histogram.quantile(0.75));
    back.merge(histogram);
    expect(back.count).toBe(8);
    expect(FineHistogram.decode(FineHistogram.create().encode()).count).toBe(0);
  });

  it('takes extremes: nothing, negative, unknown, beyond two hours', () => {
    const histogram = histogramOf([0, -1, NaN, Infinity, 1e6]);
    expect(histogram.count).toBe(3);
    expect(histogram.quantile(0.5)).toBe(0);
    expect(Math.abs(histogram.quantile(1) / 7200 - 1)).toBeLessThan(0.001);
  });

  it('says what is wrong with a text that is no histogram', () => {
    expect(() => FineHistogram.decode('bm90aGluZw==')).toThrow('not a base64 HDR histogram in V2 encoding: "bm90');
  });
});
