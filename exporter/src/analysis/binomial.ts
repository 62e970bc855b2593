import { logGamma } from './distributions.js';

const TAIL = 0.025;

/** ln P(Bin(n, p) = k), 0 < p < 1. */
function logProbability(n: number, p: number, k: number): number {
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return ways + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/** Ranks (from 1) of the order statistics that bracket a quantile; `upper` is n + 1 where the sample has no such value. */
export interface Ranks {
  lower: number;
  upper: number;
}

/**
 * Ranks l < u of the distribution-free 95 % interval of the p-quantile of n independent values:
 * P(l ≤ Bin(n, p) < u) ≥ 0.95 with at most 2.5 % in each tail (Conover 1999, §3.2). `lower` is 0 and `upper` n + 1 where
 * the sample is too small to bound that side.
 */
export function quantileRanks(n: number, p: number): Ranks {
  const spread = 10 * Math.sqrt(n * p * (1 - p)) + 10;
  const odds = p / (1 - p);
  let k = Math.max(0, Math.floor(n * p - spread));
  let probability = Math.exp(logProbability(n, p, k));
  let below = probability;
  let lower = 0;
  while (k < n && below < 1 - TAIL) {
    if (below <= TAIL) lower = k + 1;
    probability *= ((n - k) / (k + 1)) * odds;
    k += 1;
    below += probability;
  }
  return { lower, upper: k + 1 };
}
