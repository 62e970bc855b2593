import { blockBootstrapValues } from '../bootstrap.js';
import { fTail } from '../distributions.js';
import type { Estimate } from '../level-result.js';
import { quantile } from '../quantiles.js';
import { blockSizes, type Sample } from '../sample.js';
import { NORMAL_975, student975 } from '../student.js';

/** The normal's 80 % point: a detectable effect is found in four of five comparisons. */
const NORMAL_80 = 0.8416212335729143;
const REPLICATES = 1000;
const LEAST_REPLICATES = 200;
/** Most values drawn for one bootstrap. */
const BOOTSTRAP_WORK = 3e6;
/** A bootstrap of a quantile needs at least this many values beyond it on either side to know its spread. */
const LEAST_BEYOND = 5;

/** A figure of one run on a logarithmic scale, with its standard error; NaN where not known. */
export interface LogEstimate {
  log: number;
  standardError: number;
  /** Independent values behind the standard error, less one. */
  freedom: number;
}

/** A difference with its 95 % interval, in the figure's own terms. */
export interface Difference {
  difference: number;
  lower: number;
  upper: number;
  /** Two-sided probability of such a difference if there were none. */
  p: number;
  detectable: number;
}

export const NO_DIFFERENCE: Difference = { difference: NaN, lower: NaN, upper: NaN, p: NaN, detectable: NaN };

/**
 * A quantile's logarithm with the standard error of resampled conversations (Efron 1979; blocks as in Davison and
 * Hinkley 1997, §3.8). NaN standard error where fewer than 5 values lie beyond the quantile: their spread is a guess.
 */
export function logQuantile(sample: Sample, q: number): LogEstimate {
  const sorted = sample.data.slice().sort();
  const log = Math.log(quantile(sorted, q));
  const { blocks } = blockSizes(sample.blocks);
  const beyond = Math.min(q, 1 - q) * Math.min(sorted.length, blocks);
  const replicates = Math.max(LEAST_REPLICATES, Math.min(REPLICATES, Math.floor(BOOTSTRAP_WORK / sorted.length)));
  if (!(beyond >= LEAST_BEYOND)) return { log, standardError: NaN, freedom: NaN };
  const drawn = blockBootstrapValues(sample.data, sample.blocks, [q], replicates)[0]!;
  return { log, standardError: deviation(drawn.map(Math.log)), freedom: blocks - 1 };
}

/** The logarithm of a rate from its slices (batch means); NaN standard error from fewer than 5. */
export function logRate(slices: Float64Array, whole: number): LogEstimate {
  const log = Math.log(whole);
  const mean = slices.reduce((sum, value) => sum + value, 0) / slices.length;
  if (slices.length < 5 || !(mean > 0)) return { log, standardError: NaN, freedom: NaN };
  return { log, standardError: deviation(slices) / mean / Math.sqrt(slices.length), freedom: slices.length - 1 };
}

/** From a figure's own 95 % interval; NaN standard error where a bound is not known. */
export function logOfInterval({ value, lower, upper }: Estimate): LogEstimate {
  const spread = (Math.log(upper) - Math.log(lower)) / (2 * NORMAL_975);
  const known = lower > 0 && Number.isFinite(spread) && spread > 0;
  return { log: Math.log(value), standardError: known ? spread : NaN, freedom: Infinity };
}

/** Candidate ÷ base − 1, by Welch's t on the logarithms; without standard errors only the point. */
export function relativeDifference(base: LogEstimate, candidate: LogEstimate): Difference {
  const log = candidate.log - base.log;
  const difference = Math.expm1(log);
  const standardError = Math.hypot(base.standardError, candidate.standardError);
  if (Number.isNaN(standardError) || !Number.isFinite(difference))
    return { ...NO_DIFFERENCE, difference: Number.isFinite(difference) ? difference : NaN };
  if (standardError === 0)
    return { difference, lower: difference, upper: difference, p: log === 0 ? 1 : 0, detectable: 0 };
  const freedom = welch(base, candidate);
  const width = student(freedom) * standardError;
  return {
    difference,
    lower: Math.expm1(log - width),
    upper: Math.expm1(log + width),
    p: twoSided(log / standardError, freedom),
    detectable: Math.expm1((student(freedom) + NORMAL_80) * standardError),
  };
}

/** Candidate − base of two shares, with Newcombe's interval of their Wilson intervals (Newcombe 1998, method 10). */
export function shareDifference(base: Estimate, candidate: Estimate): Difference {
  const difference = candidate.value - base.value;
  const down = Math.hypot(candidate.value - candidate.lower, base.upper - base.value);
  const up = Math.hypot(candidate.upper - candidate.value, base.value - base.lower);
  if (!Number.isFinite(down + up)) return { ...NO_DIFFERENCE, difference };
  const towardsZero = (difference > 0 ? down : up) / NORMAL_975;
  return {
    difference,
    lower: difference - down,
    upper: difference + up,
    p: difference === 0 ? 1 : twoSided(difference / towardsZero, Infinity),
    detectable: ((down + up) / 2 / NORMAL_975) * (NORMAL_975 + NORMAL_80),
  };
}

/** Holm's step-down correction (Holm 1979): the chance of any false alarm among all stays at 5 %. NaN stays NaN. */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].filter((index) => !Number.isNaN(ps[index])).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = ps.map(() => NaN);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, ps[index]! * (order.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}

function welch(a: LogEstimate, b: LogEstimate): number {
  const [va, vb] = [a.standardError ** 2, b.standardError ** 2];
  return (va + vb) ** 2 / (va ** 2 / a.freedom + vb ** 2 / b.freedom);
}

const student = (freedom: number): number => (Number.isFinite(freedom) ? student975(freedom) : NORMAL_975);

/** Beyond this many degrees of freedom t is the normal. */
const MANY = 1e6;

function twoSided(t: number, freedom: number): number {
  return fTail(t * t, 1, Math.min(freedom, MANY));
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
