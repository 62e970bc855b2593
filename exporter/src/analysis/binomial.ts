/** Lanczos approximation of ln Γ(x), x > 0 (Lanczos 1964, g = 7), about 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const TAIL = 0.025;

function logGamma(x: number): number {
  const z = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

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
