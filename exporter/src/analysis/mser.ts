/** Where a series is to be cut so that the rest is in steady state. */
export interface Truncation {
  /** Values to cut off the beginning. */
  cut: number;
  /** Values in all. */
  n: number;
  /** Mean of what was cut and of the rest; NaN for an empty part. */
  cutMean: number;
  restMean: number;
  /** True when more than half would have to be cut: the series has no steady state yet. */
  late: boolean;
}

const BATCH = 5;
const LEAST_BATCHES = 8;
/** Batches that are never cut, at least and as a share: the variance of a short tail is small by chance. */
const KEPT = { least: 3, share: 0.25 };

/** Means of consecutive groups of `size` values; a shorter rest at the end joins the last group. */
export function batchMeans(values: readonly number[], size: number): number[] {
  const batches = Math.max(1, Math.floor(values.length / size));
  return Array.from({ length: batches }, (_, batch) => {
    const group = values.slice(batch * size, batch === batches - 1 ? undefined : (batch + 1) * size);
    return mean(group);
  });
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * MSER-5 (White 1997; White, Cobb and Spratt 2000): of all truncations d of the batch means Y, the one with the smallest
 * z(d) = Σ_{i>d} (Y_i − mean)² / (k − d)². Batches are of 5 values, smaller ones when there are fewer than 40 values, so
 * that short series can be tested at all. The last quarter is never cut.
 */
export function mser(values: readonly number[]): Truncation {
  const n = values.length;
  const size = Math.max(1, Math.min(BATCH, Math.floor(n / LEAST_BATCHES)));
  const means = batchMeans(values, size);
  const cut = bestCut(means) * size;
  return {
    cut,
    n,
    cutMean: mean(values.slice(0, cut)),
    restMean: mean(values.slice(cut)),
    late: cut > n / 2,
  };
}

/** Walks from the end with Welford's updates, so that a constant tail has a variance of exactly 0. */
function bestCut(means: readonly number[]): number {
  const kept = Math.max(KEPT.least, Math.ceil(means.length * KEPT.share));
  let best = 0;
  let bestScore = Infinity;
  let average = 0;
  let squares = 0;
  for (let d = means.length - 1; d >= 0; d--) {
    const count = means.length - d;
    const deviation = means[d]! - average;
    average += deviation / count;
    squares += deviation * (means[d]! - average);
    const score = squares / (count * count);
    if ((count >= kept || d === 0) && score <= bestScore) {
      bestScore = score;
      best = d;
    }
  }
  return best;
}
