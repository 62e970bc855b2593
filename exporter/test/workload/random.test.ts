import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Distribution } from '../../src/config/spec.js';
import { largestOf, meanOf } from '../../src/workload/distribution.js';
import { draw, drawCount, hashKey, hashSeed, permutation, randomOf } from '../../src/workload/random.js';

const key = fc.record({
  repetition: fc.nat(1023),
  level: fc.nat(1023),
  slot: fc.nat(2 ** 20 - 1),
  ordinal: fc.nat(2 ** 24 - 1),
});

function stream(seed = 1) {
  return randomOf(hashSeed(seed), 'test');
}

function many(count: number, one: () => number): number[] {
  return Array.from({ length: count }, one);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('the hash of a conversation key', () => {
  it('is the same for the same seed and key, today and later', () => {
    expect(hashKey(42, { repetition: 1, level: 2, slot: 3, ordinal: 4 })).toBe(
      hashKey(42, { repetition: 1, level: 2, slot: 3, ordinal: 4 }),
    );
    expect(hashKey(42, { repetition: 0, level: 0, slot: 0, ordinal: 0 }).toString(16)).toMatchInlineSnapshot(
      `"57e1faba65107204"`,
    );
  });

  it('differs for different keys', () => {
    fc.assert(
      fc.property(fc.integer(), key, key, (seed, a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(hashKey(seed, a)).not.toBe(hashKey(seed, b));
      }),
    );
  });

  it('takes the level before the plan (priming) as a level of its own', () => {
    const levels = [-1, 0, 1].map((level) => hashKey(1, { repetition: 0, level, slot: 0, ordinal: 0 }));
    expect(new Set(levels).size).toBe(3);
  });

  it('differs for different seeds', () => {
    const k = { repetition: 0, level: 0, slot: 0, ordinal: 0 };
    expect(new Set(many(1000, () => 0).map((_, seed) => hashKey(seed, k))).size).toBe(1000);
  });
});

describe('a stream of random numbers', () => {
  it('repeats for the same hash and name', () => {
    const a = stream();
    const b = stream();
    expect(many(100, () => a.next())).toEqual(many(100, () => b.next()));
  });

  it('is another one for another name', () => {
    const a = randomOf(5n, 'input');
    const b = randomOf(5n, 'output');
    expect(many(5, () => a.next())).not.toEqual(many(5, () => b.next()));
  });

  it('fills [0, 1) evenly', () => {
    const random = stream();
    const counts = new Array<number>(10).fill(0);
    for (const value of many(50_000, () => random.next())) counts[Math.floor(value * 10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(300);
  });

  it('is even over the first draws of neighbouring conversations too', () => {
    const firsts = many(10_000, () => 0).map((_, slot) =>
      randomOf(hashKey(1, { repetition: 0, level: 0, slot, ordinal: 0 }), 'x').next(),
    );
    expect(mean(firsts)).toBeCloseTo(0.5, 1);
    expect(mean(firsts.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it('permutes: every number once', () => {
    const order = permutation(500, stream());
    expect([...order].sort((a, b) => a - b)).toEqual(many(500, () => 0).map((_, index) => index));
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
  });
});

describe('distributions', () => {
  const cases: Distribution[] = [
    { kind: 'fixed', value: 256 },
    { kind: 'uniform', min: 10, max: 20 },
    { kind: 'normal', mean: 300, stddev: 100, min: 0, max: 1000 },
    { kind: 'normal', mean: 100, stddev: 100, min: 80, max: 150 },
    { kind: 'normal', mean: 100, stddev: 0, min: 0, max: 50 },
    { kind: 'lognormal', median: 200, sigma: 0.8, min: 1, max: 100_000 },
    { kind: 'lognormal', median: 200, sigma: 1, min: 100, max: 400 },
    { kind: 'lognormal', median: 200, sigma: 1, min: 0, max: Infinity },
  ];

  it.each(cases)('draws within its bounds, with the mean that is promised: %j', (distribution) => {
    const random = stream();
    const values = many(60_000, () => draw(distribution, random));
    expect(Math.max(...values)).toBeLessThanOrEqual(largestOf(distribution));
    if (distribution.kind !== 'fixed') expect(Math.min(...values)).toBeGreaterThanOrEqual(distribution.min);
    expect(Math.abs(mean(values) / meanOf(distribution) - 1)).toBeLessThan(0.02);
  });

  it('spreads a normal by its standard deviation', () => {
    const random = stream();
    const normal: Distribution = { kind: 'normal', mean: 50, stddev: 4, min: 0, max: 100 };
    const values = many(100_000, () => draw(normal, random));
    expect(Math.sqrt(mean(values.map((value) => (value - 50) ** 2)))).toBeCloseTo(4, 1);
  });

  it('has half of a lognormal below its median', () => {
    const random = stream();
    const lognormal: Distribution = { kind: 'lognormal', median: 70, sigma: 1.2, min: 0, max: 1e9 };
    const below = many(100_000, () => draw(lognormal, random)).filter((value) => value < 70);
    expect(below.length / 100_000).toBeCloseTo(0.5, 2);
  });

  it('counts whole numbers, each of a uniform range equally likely', () => {
    const random = stream();
    const counts = new Map<number, number>();
    for (const value of many(40_000, () => drawCount({ kind: 'uniform', min: 3, max: 6 }, random))) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('never counts less than one token', () => {
    expect(drawCount({ kind: 'fixed', value: 0 }, stream())).toBe(1);
    const random = stream();
    const normal: Distribution = { kind: 'normal', mean: 0, stddev: 5, min: -10, max: 10 };
    expect(Math.min(...many(1000, () => drawCount(normal, random)))).toBe(1);
  });

  it('leaves seconds unrounded', () => {
    const value = draw({ kind: 'uniform', min: 0, max: 1 }, stream());
    expect(value).not.toBe(Math.round(value));
  });
});
