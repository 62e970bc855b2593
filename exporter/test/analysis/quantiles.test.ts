import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quantileRanks } from '../../src/analysis/binomial.js';
import { seededRandom } from '../../src/analysis/bootstrap.js';
import { meanEstimate, orderStatisticInterval, quantile, quantileSet } from '../../src/analysis/quantiles.js';
import { Sample } from '../../src/analysis/sample.js';
import { student975 } from '../../src/analysis/student.js';

const upTo = (n: number): Float64Array => Float64Array.from({ length: n }, (_, index) => index + 1);

function sampleOf(values: Iterable<number>, blockOf: (index: number) => number = (index) => index): Sample {
  const sample = new Sample(4);
  let index = 0;
  for (const value of values) sample.add(value, blockOf(index++));
  return sample;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('quantile', () => {
  it.each([
    [20, 0.95, 19],
    [100, 0.95, 95],
    [73, 0.95, 70],
    [1, 0.99, 1],
    [10, 0.5, 5],
    [11, 0.5, 6],
  ])('of %d values at %d is the value of rank %d', (n, q, rank) => {
    expect(quantile(upTo(n), q)).toBe(rank);
  });

  it('is unknown without data', () => {
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
  });

  it('is the smallest value that at least the share q of all does not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99),
        (values, q) => {
          const sorted = Float64Array.from(values).sort();
          const found = quantile(sorted, q);
          const share = (limit: (value: number) => boolean): number => values.filter(limit).length / values.length;
          expect(share((value) => value <= found)).toBeGreaterThanOrEqual(q - 1e-9);
          expect(share((value) => value < found)).toBeLessThan(q);
        },
      ),
    );
  });
});

describe('ranks of the order-statistic interval', () => {
  it.each([
    [73, 65, 73],
    [219, 201, 215],
    [600, 559, 581],
    [2000, 1880, 1920],
  ])('bracket the p95 of %d values from %d to %d', (n, lower, upper) => {
    expect(quantileRanks(n, 0.95)).toEqual({ lower, upper });
  });

  it('have no upper one when the sample is too small to bound p95 from above', () => {
    expect(quantileRanks(71, 0.95).upper).toBe(72);
    expect(orderStatisticInterval(upTo(71), 0.95).upper).toBeNaN();
    expect(orderStatisticInterval(upTo(73), 0.95).upper).toBe(73);
  });

  it('have no lower one for a handful of values', () => {
    expect(orderStatisticInterval(upTo(3), 0.5).lower).toBeNaN();
  });

  it('are found for a million values', () => {
    const { lower, upper } = quantileRanks(1_000_000, 0.99);
    expect(990_000 - lower).toBeGreaterThan(190);
    expect(990_000 - lower).toBeLessThan(200);
    expect(upper - 990_000).toBeGreaterThan(190);
    expect(upper - 990_000).toBeLessThan(200);
  });

  it('cover the true quantile in at least 95 % of samples', () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const { lower, upper } = orderStatisticInterval(Float64Array.from({ length: 150 }, random).sort(), 0.9);
      if (lower <= 0.9 && 0.9 <= upper) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(376);
  });
});

describe('quantileSet', () => {
  it('warns of a p95 from fewer than 60 and a p99 from fewer than 300 values', () => {
    const few = quantileSet(sampleOf(upTo(41)));
    expect(few.p95.warning).toBe('p95 from n = 41 (< 60)');
    expect(few.p99.warning).toBe('p99 from n = 41 (< 300)');
    expect(few.p50.warning).toBeNull();
    const enough = quantileSet(sampleOf(upTo(300)));
    expect([enough.p95.warning, enough.p99.warning]).toEqual([null, null]);
  });

  it('takes conversations as blocks and says how few they are', () => {
    const set = quantileSet(sampleOf(upTo(300), (index) => Math.floor(index / 3)));
    expect(set.p50.warning).toBe('interval from 100 conversations (< 150)');
  });

  it('gives the same interval for the same sample', () => {
    const once = (): unknown => quantileSet(sampleOf(upTo(500), (index) => index >> 1));
    expect(once()).toEqual(once());
  });

  it('is wider when the turns of a conversation are alike than if they were independent', () => {
    const random = seededRandom(5);
    const means = Array.from({ length: 200 }, () => normal(random));
    const values = means.flatMap((mean) => Array.from({ length: 5 }, () => mean + 0.01 * normal(random)));
    const blocks = quantileSet(sampleOf(values, (index) => Math.floor(index / 5))).p50;
    const independent = quantileSet(sampleOf(values)).p50;
    const ratio = (blocks.upper - blocks.lower) / (independent.upper - independent.lower);
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(3);
  });

  it('agrees with the bootstrap where a sample is too large for one', () => {
    const random = seededRandom(6);
    const build = (conversations: number): Sample => {
      const sample = new Sample();
      for (let block = 0; block < conversations; block++) {
        const mean = normal(random);
        for (let turn = 0; turn < 5; turn++) sample.add(mean + 0.3 * normal(random), block);
      }
      return sample;
    };
    const width = ({ lower, upper }: { lower: number; upper: number }): number => upper - lower;
    const resampled = width(quantileSet(build(1_900)).p50) * Math.sqrt(1_900);
    const clustered = width(quantileSet(build(2_100)).p50) * Math.sqrt(2_100);
    expect(clustered / resampled).toBeGreaterThan(0.75);
    expect(clustered / resampled).toBeLessThan(1.33);
  });

  it('covers the true median in about 95 % of samples of conversations', () => {
    const random = seededRandom(7);
    let covered = 0;
    for (let trial = 0; trial < 60; trial++) {
      const values = Array.from({ length: 40 }, () => normal(random)).flatMap((mean) => [mean, mean, mean, mean]);
      const { lower, upper } = quantileSet(sampleOf(values, (index) => index >> 2)).p50;
      if (lower <= 0 && 0 <= upper) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(52);
  });

  it('ignores unknown values', () => {
    expect(quantileSet(sampleOf([1, NaN, 3])).p50).toMatchObject({ value: 1, n: 2 });
  });

  it('has nothing to say about an empty sample', () => {
    const { p95, mean } = quantileSet(new Sample());
    expect(p95).toEqual({ value: NaN, n: 0, lower: NaN, upper: NaN, warning: null });
    expect(mean.value).toBeNaN();
  });
});

describe('mean', () => {
  it('carries the t interval of independent values', () => {
    const { value, lower, upper } = meanEstimate(sampleOf([1, 2, 3, 4, 5]));
    expect(value).toBe(3);
    expect(upper - value).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 2);
    expect(value - lower).toBeCloseTo(upper - value, 12);
  });

  it('of one value has no interval', () => {
    expect(meanEstimate(sampleOf([4]))).toMatchObject({ value: 4, lower: NaN, upper: NaN });
  });
});

describe("Student's t", () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [5, 2.571],
    [18, 2.101],
    [1000, 1.962],
  ])('with %d degrees of freedom is %d', (freedom, expected) => {
    expect(student975(freedom) / expected).toBeCloseTo(1, 2);
  });
});
