import { FineHistogram } from '../measure/fine-histogram.js';
import { quantileRanks } from './binomial.js';
import type { Estimate, QuantileSet } from './level-result.js';
import { NO_ESTIMATE, sizeWarning } from './quantiles.js';

/** The windows' gaps pooled into one histogram. @throws Error when one cannot be decoded. */
export function poolGaps(encoded: readonly string[]): FineHistogram {
  const pooled = FineHistogram.create();
  for (const base64 of encoded) if (base64 !== '') pooled.merge(FineHistogram.decode(base64));
  return pooled;
}

/**
 * Quantiles of the pooled gaps. The gaps of one request depend on each other, so the interval takes only `independent`
 * of them as such (the number of requests, or of conversations where turns are pooled): wider than the truth rather
 * than narrower. n is the number of gaps. The mean has no interval.
 */
export function gapQuantiles(gaps: FineHistogram, independent: number): QuantileSet {
  const n = gaps.count;
  const at = (q: number): Estimate => {
    if (n === 0) return NO_ESTIMATE;
    const worth = Math.min(n, independent);
    const { lower, upper } = quantileRanks(worth, q);
    return {
      value: gaps.quantile(q),
      n,
      lower: lower < 1 ? NaN : gaps.quantile((lower - 1) / worth),
      upper: upper > worth ? NaN : gaps.quantile(upper / worth),
      warning: sizeWarning(q, n),
    };
  };
  const mean: Estimate = { value: gaps.mean, n, lower: NaN, upper: NaN, warning: null };
  return { mean, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}
