import { blockSizes, effectiveSize } from '../sample.js';
import { student975 } from '../student.js';

/** Stretches of time into which a level's requests are cut to see how much neighbours in time resemble each other. */
const STRETCHES = { least: 4, most: 20 };

/** Correlation of neighbouring stretches, and share of the variance that is seen, that short series are believed. */
const MOST_CORRELATION = 0.9;
const LEAST_SEEN = 0.1;

/** Requests of one level that were decided, in columns. */
export interface Outcomes {
  /** 1: met the objective, 0: missed it. */
  hits: Float64Array;
  /** ln(measure ÷ limit): at most 0 where met; Infinity for a miss without a measure. */
  strains: Float64Array;
  conversations: Uint32Array;
  /** Seconds. */
  startedAt: Float64Array;
}

/**
 * How many dependent requests are worth one independent one (Kish's design effect, 1965), at least 1: the larger of
 *
 * - that of conversations as clusters,
 * - that of stretches of time as clusters (batch means, Law and Kelton 2000, §9.5.3), since requests that share the server
 *   at the same time tend to hit or miss together. A stretch is at least `turnover` seconds long, the mean time in which
 *   each user's request is replaced by another, as far as there are four stretches.
 *
 * Misses that come in bursts may not have been seen yet. Where the limit lies among the quantiles of the stretches, or
 * nearly so, both are therefore also taken of another indicator: whether a request lies within the sample's own
 * `required`-quantile, which is what hits and misses are like at the boundary itself. Where the limit is far away, time
 * cannot tell in any such burst, and only conversations are looked at so, as far as all hit or all miss.
 */
export function designEffect(outcomes: Outcomes, required: number, turnover: number): number {
  const n = outcomes.hits.length;
  if (n < 2) return 1;
  const stretches = cut(outcomes.startedAt, turnover);
  const hits = shareOf(outcomes.hits);
  const own = ownQuantile(outcomes, required);
  const mixed = hits > 0 && hits < 1;
  const effects = mixed ? bothEffects(outcomes, outcomes.hits, stretches) : [];
  if (own === null) return Math.max(1, ...effects, mixed ? 1 : conversationSize(outcomes));
  if (isNear(outcomes, required, stretches)) effects.push(...bothEffects(outcomes, own, stretches));
  else if (!mixed) effects.push(clusterEffect(outcomes.conversations, own));
  return Math.max(1, ...effects);
}

interface Stretches {
  count: number;
  of: Uint32Array;
}

function bothEffects({ conversations }: Outcomes, hits: Float64Array, { count, of }: Stretches): number[] {
  // The variance from few stretches is itself uncertain: its relative standard error is √(2 ÷ (stretches − 1)).
  const uncertainty = 1 + Math.sqrt(2 / (count - 1)) / 2;
  return [clusterEffect(conversations, hits), clusterEffect(of, hits) * uncertainty];
}

function clusterEffect(clusters: Uint32Array, hits: Float64Array): number {
  const share = shareOf(hits);
  return hits.length / effectiveSize(clusters, (index) => hits[index]! - share, share * (1 - share));
}

const shareOf = (hits: Float64Array): number => hits.reduce((sum, hit) => sum + hit, 0) / hits.length;

/** Mean requests of a conversation. */
const conversationSize = ({ conversations }: Outcomes): number =>
  conversations.length / blockSizes(conversations).blocks;

/** Whether each request lies within the sample's own quantile; null where that has no value or all are equal. */
function ownQuantile({ strains }: Outcomes, required: number): Float64Array | null {
  const limit = quantileOf(strains.slice().sort(), required);
  if (!Number.isFinite(limit)) return null;
  const within = Float64Array.from(strains, (strain) => (strain <= limit ? 1 : 0));
  const share = shareOf(within);
  return share > 0 && share < 1 ? within : null;
}

const quantileOf = (sorted: Float64Array, q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)] ?? NaN;

/**
 * Whether the quantile of one more stretch might lie on the other side of the limit than those seen: Student's 95 %
 * prediction interval from the stretches' quantiles holds the limit (0).
 */
function isNear({ strains }: Outcomes, required: number, { count, of }: Stretches): boolean {
  const groups = Array.from({ length: count }, () => [] as number[]);
  of.forEach((stretch, index) => groups[stretch]!.push(strains[index]!));
  const quantiles = groups
    .filter((group) => group.length > 0)
    .map((group) => quantileOf(Float64Array.from(group).sort(), required));
  const k = quantiles.length;
  const mean = quantiles.reduce((sum, value) => sum + value, 0) / k;
  const seen = quantiles.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (k - 1);
  const variance = seen / Math.max(LEAST_SEEN, 1 - persistence(quantiles, mean) / k);
  const reach = student975(k - 1) * Math.sqrt(variance * (1 + 1 / k));
  return !(Math.abs(mean) > reach);
}

/**
 * How many stretches in a row are worth one, (1 + ρ)/(1 − ρ) for neighbours with correlation ρ: so much less than the
 * whole variance is seen in a short series (Law and Kelton 2000, §4.4). ρ is corrected for its bias (Kendall 1954).
 */
function persistence(values: readonly number[], mean: number): number {
  const deviations = values.map((value) => value - mean);
  const squares = deviations.reduce((sum, value) => sum + value * value, 0);
  const products = deviations.slice(1).reduce((sum, value, index) => sum + value * deviations[index]!, 0);
  const raw = products / squares;
  const rho = Math.min(MOST_CORRELATION, Math.max(0, raw + (1 + 3 * raw) / values.length));
  return (1 + rho) / (1 - rho);
}

function cut(startedAt: Float64Array, turnover: number): Stretches {
  let [first, last] = [Infinity, -Infinity];
  for (const at of startedAt) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const whole = Math.floor((last - first) / turnover);
  const count = Math.min(STRETCHES.most, Math.max(STRETCHES.least, Number.isFinite(whole) ? whole : 0));
  const length = (last - first) / count;
  const of = Uint32Array.from(startedAt, (at) =>
    length > 0 ? Math.min(count - 1, Math.floor((at - first) / length)) : 0,
  );
  return { count, of };
}
