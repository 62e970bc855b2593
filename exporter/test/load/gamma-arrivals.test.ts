import { describe, expect, it } from '@jest/globals';
import { gammaGaps } from '../../src/load/arrivals.js';
import { seededRandom } from '../../src/analysis/bootstrap.js';

function gapsOf(burstiness: number, perSecond: number): { mean: number; variation: number } {
  const gaps = gammaGaps(burstiness, seededRandom(7));
  const drawn = Array.from({ length: 200_000 }, () => gaps(perSecond));
  const mean = drawn.reduce((sum, gap) => sum + gap, 0) / drawn.length;
  const variance = drawn.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (drawn.length - 1);
  return { mean, variation: Math.sqrt(variance) / mean };
}

describe('gamma arrivals', () => {
  it.each([0.1, 0.5, 1, 4])('of burstiness %d keep the mean rate', (burstiness) => {
    expect(gapsOf(burstiness, 5).mean).toBeCloseTo(0.2, 2);
  });

  it.each([0.1, 0.5, 1, 4])(
    'of burstiness %d have gaps with a coefficient of variation of 1/√burstiness',
    (burstiness) => {
      expect(gapsOf(burstiness, 5).variation * Math.sqrt(burstiness)).toBeCloseTo(1, 1);
    },
  );

  it('never give a negative or endless gap', () => {
    const gaps = gammaGaps(0.2, seededRandom(3));
    const drawn = Array.from({ length: 10_000 }, () => gaps(1));
    expect(drawn.every((gap) => gap >= 0 && Number.isFinite(gap))).toBe(true);
  });
});
