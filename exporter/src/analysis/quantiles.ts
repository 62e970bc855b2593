import { quantileRanks } from './binomial.js';
import { blockBootstrap, nearestRank, valueAt, type Interval } from './bootstrap.js';
import type { Estimate, QuantileSet } from './level-result.js';
import { blockSizes, effectiveSize, sumsByBlock, type Sample } from './sample.js';
import { student975 } from './student.js';

/** Below these sample sizes a quantile is printed with a warning. */
const LEAST_N: Readonly<Record<number, number>> = { 0.95: 60, 0.99: 300 };
/** Below this many conversations a bootstrap interval is printed with a warning. */
const LEAST_BLOCKS = 150;
const QS = [0.5, 0.9, 0.95, 0.99] as const;
const REPLICATES = 2000;
const LEAST_REPLICATES = 300;
/** Most values drawn for one bootstrap, which bounds its time to some tens of milliseconds. */
const BOOTSTRAP_WORK = 3e6;

/** An estimate from no data. */
export const NO_ESTIMATE: Estimate = { value: NaN, n: 0, lower: NaN, upper: NaN, warning: null };

/**
 * Nearest-rank quantile of ascending values: the ⌈q·n⌉-th smallest (Hyndman and Fan 1996, definition 1); NaN when empty.
 */
export function quantile(sorted: Float64Array, q: number): number {
  return valueAt(sorted, q);
}

/**
 * Distribution-free 95 % interval of a quantile from the exact binomial ranks, for independent values. A side that the
 * sample cannot bound (p95 of 40 values has no upper bound) is NaN. `sorted` ascending; `effectiveN` ≤ n values that
 * the sample is worth when they depend on each other.
 */
export function orderStatisticInterval(sorted: Float64Array, q: number, effectiveN = sorted.length): Interval {
  const n = sorted.length;
  const worth = Math.floor(effectiveN);
  if (n === 0 || worth < 1) return { lower: NaN, upper: NaN };
  const { lower, upper } = quantileRanks(worth, q);
  const scale = n / worth;
  return {
    lower: lower < 1 ? NaN : sorted[Math.floor((lower - 1) * scale)]!,
    upper: upper > worth ? NaN : sorted[Math.min(n, Math.ceil(upper * scale)) - 1]!,
  };
}

/**
 * Mean and quantiles of a sample with 95 % intervals: by order statistics when every value is of another conversation;
 * by resampling whole conversations when they are pooled (2,000 resamples, fewer for samples above 1,500 values); and
 * above 10,000 values by order statistics at the effective sample size of conversations as clusters.
 */
export function quantileSet(sample: Sample): QuantileSet {
  const { blocks, dependent } = blockSizes(sample.blocks);
  const sorted = sample.data.slice().sort();
  const intervals = dependent ? blockIntervals(sample, sorted) : QS.map((q) => orderStatisticInterval(sorted, q));
  const few = dependent && blocks < LEAST_BLOCKS ? `interval from ${blocks} conversations (< ${LEAST_BLOCKS})` : null;
  const [p50, p90, p95, p99] = QS.map((q, index): Estimate => {
    const warning = joinWarnings(sizeWarning(q, sorted.length), sorted.length > 0 ? few : null);
    return { value: quantile(sorted, q), n: sorted.length, ...intervals[index]!, warning };
  }) as [Estimate, Estimate, Estimate, Estimate];
  return { mean: meanEstimate(sample), p50, p90, p95, p99 };
}

/** `p95 from n = 41 (< 60)`, or null when n is large enough (or there is no data, which speaks for itself). */
export function sizeWarning(q: number, n: number): string | null {
  const least = LEAST_N[q];
  return least !== undefined && n > 0 && n < least ? `p${Math.round(q * 100)} from n = ${n} (< ${least})` : null;
}

function joinWarnings(...warnings: (string | null)[]): string | null {
  const given = warnings.filter((warning) => warning !== null);
  return given.length === 0 ? null : given.join('; ');
}

function blockIntervals(sample: Sample, sorted: Float64Array): Interval[] {
  const replicates = Math.min(REPLICATES, Math.floor(BOOTSTRAP_WORK / sample.size));
  if (replicates >= LEAST_REPLICATES) return blockBootstrap(sample.data, sample.blocks, QS, replicates);
  return QS.map((q) => {
    const limit = sorted[nearestRank(sorted.length, q) - 1]!;
    const values = sample.data;
    const centred = (index: number): number => (values[index]! <= limit ? 1 - q : -q);
    return orderStatisticInterval(sorted, q, effectiveSize(sample.blocks, centred, q * (1 - q)));
  });
}

/** Mean with a t interval over conversations (over values when each is of another conversation). NaN bounds for one. */
export function meanEstimate(sample: Sample): Estimate {
  const n = sample.size;
  if (n === 0) return NO_ESTIMATE;
  const { data, blocks } = sample;
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / n;
  const used = blockSizes(blocks).blocks;
  let between = 0;
  for (const deviation of sumsByBlock(blocks, (index) => data[index]! - mean)) between += deviation * deviation;
  const halfWidth = (student975(used - 1) * Math.sqrt((between * used) / Math.max(1, used - 1))) / n;
  return { value: mean, n, lower: mean - halfWidth, upper: mean + halfWidth, warning: null };
}
