import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../src/analysis/bootstrap.js';
import { factorNeeded, logEvidence, proves, shareBounds } from '../../../src/analysis/slo-search/share-test.js';

describe('the evidence for a share', () => {
  it('begins at one: nothing is known', () => {
    expect(logEvidence('above', 0.95, { good: 0, bad: 0 })).toBeCloseTo(0, 9);
    expect(logEvidence('below', 0.95, { good: 0, bad: 0 })).toBeCloseTo(0, 9);
  });

  it('does not grow on average where the tested share is the true one: one more request leaves its mean as it was', () => {
    const of = (side: 'above' | 'below', good: number, bad: number): number =>
      Math.exp(logEvidence(side, 0.9, { good, bad }));
    for (const side of ['above', 'below'] as const) {
      const next = 0.9 * of(side, 41, 5) + 0.1 * of(side, 40, 6);
      expect(next / of(side, 40, 5)).toBeCloseTo(1, 9);
    }
  });

  it('takes 87 hits without a miss to prove 95 % with an error of 2.5 %, and a few misses to refute it', () => {
    const hits = Array.from({ length: 200 }, (_, n) => n).find((good) =>
      proves('above', 0.95, { good, bad: 0 }, 0.025),
    );
    const misses = Array.from({ length: 20 }, (_, n) => n).find((bad) =>
      proves('below', 0.95, { good: 0, bad }, 0.025),
    );
    expect(hits).toBe(87);
    expect(misses).toBeLessThan(8);
  });

  it('proves the wrong side in at most 2.5 % of runs that look after every tenth request', () => {
    const random = seededRandom(11);
    let wrong = 0;
    for (let run = 0; run < 400; run++) {
      const counts = { good: 0, bad: 0 };
      for (let n = 1; n <= 1500; n++) {
        if (random() < 0.95) counts.good += 1;
        else counts.bad += 1;
        if (n % 10 > 0 || !proves('above', 0.95, counts, 0.025)) continue;
        wrong += 1;
        break;
      }
    }
    expect(wrong / 400).toBeLessThan(0.025 + 2 * Math.sqrt((0.025 * 0.975) / 400));
  });
});

describe('the always-valid interval', () => {
  it('agrees with the proofs and holds the observed share', () => {
    const counts = fc.record({ good: fc.integer({ min: 0, max: 3000 }), bad: fc.integer({ min: 0, max: 3000 }) });
    fc.assert(
      fc.property(counts, ({ good, bad }) => {
        fc.pre(good + bad > 0);
        const { lower, upper } = shareBounds({ good, bad }, 0.025, 0.025);
        const share = good / (good + bad);
        expect(lower).toBeLessThanOrEqual(share);
        expect(upper).toBeGreaterThanOrEqual(share);
        const margin = 1e-4;
        if (lower > margin) expect(proves('above', lower - margin, { good, bad }, 0.025)).toBe(true);
        if (upper < 1 - margin) expect(proves('below', upper + margin, { good, bad }, 0.025)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing without data', () => {
    expect(shareBounds({ good: 0, bad: 0 }, 0.025, 0.025)).toEqual({ lower: 0, upper: 1 });
  });
});

describe('how many more requests it takes', () => {
  it('is what decides at the same share', () => {
    const counts = { good: 97, bad: 3 };
    const factor = factorNeeded(0.95, counts, 0.025)!;
    const times = (k: number): { good: number; bad: number } => ({ good: 97 * k, bad: 3 * k });
    expect(proves('above', 0.95, times(factor), 0.025)).toBe(true);
    expect(proves('above', 0.95, times(factor * 0.99), 0.025)).toBe(false);
  });

  it('is unknown at exactly the required share', () => {
    expect(factorNeeded(0.95, { good: 95, bad: 5 }, 0.025)).toBeNull();
  });
});
