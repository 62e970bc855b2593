import { describe, expect, it } from '@jest/globals';
import { certify, requestsToCertify } from '../../src/analysis/early-stopping.js';

const MISSES = [0, 1, 2, 3, 5, 10];

describe('requests needed to certify a percentile at 99 % confidence', () => {
  it.each([
    [0.9, [44, 64, 81, 97, 127, 197]],
    [0.95, [90, 130, 165, 198, 259, 398]],
    [0.99, [459, 662, 838, 1001, 1307, 2010]],
  ])('p%d by the table of MLPerf’s early stopping', (quantile, totals) => {
    expect(MISSES.map((misses) => requestsToCertify(quantile, misses))).toEqual(totals);
  });
});

describe('a level', () => {
  it('of 73 requests cannot certify p95, not even without a miss', () => {
    expect(certify('ttft_p95', 0.95, 73, 0)).toMatchObject({ certified: false, requestsNeeded: 90 });
  });

  it('of 360 requests can, with 8 misses', () => {
    expect(certify('ttft_p95', 0.95, 360, 8).certified).toBe(true);
    expect(certify('ttft_p95', 0.95, 360, 10).certified).toBe(false);
  });

  it('says how many requests would do at the share of misses it saw', () => {
    const { requestsNeeded } = certify('ttft_p95', 0.95, 100, 4);
    expect(requestsToCertify(0.95, Math.ceil(0.04 * requestsNeeded!))).toBeLessThanOrEqual(requestsNeeded!);
    expect(requestsNeeded!).toBeGreaterThan(1000);
  });

  it('that misses too often needs no number, since none would do', () => {
    expect(certify('ttft_p95', 0.95, 100, 5)).toMatchObject({ certified: false, requestsNeeded: null });
  });

  it('without requests needs those of a level without misses', () => {
    expect(certify('ttft_p95', 0.95, 0, 0)).toMatchObject({ certified: false, requestsNeeded: 90 });
  });
});
