import { crossing, nonIncreasing } from '../isotonic.js';

/** Strains beyond this (a quantile of e³ times the limit, or no quantile at all) say no more than "far". */
const FAR = 3;

/** What one level says about where the boundary lies. */
export interface StrainPoint {
  load: number;
  /** Requests behind it. */
  weight: number;
  /** ln(quantile ÷ limit) of each objective, in one order for all points; NaN where unknown. */
  strains: readonly number[];
}

/**
 * The load at which the first objective reaches its limit: each objective's ln(quantile ÷ limit) is fitted over ln(load)
 * by a line between the levels that never falls (isotonic regression, weighted by requests), and solved for 0. NaN when
 * no objective has levels on both sides of its limit.
 */
export function crossingLoad(points: readonly StrainPoint[]): number {
  const objectives = points[0]?.strains.length ?? 0;
  const crossings = Array.from({ length: objectives }, (_, index) => objectiveCrossing(points, index));
  const least = Math.min(...crossings.filter((load) => !Number.isNaN(load)));
  return Number.isFinite(least) ? least : NaN;
}

/** Two levels tell a slope only when their loads are this many times apart. */
const LEAST_BASELINE = 1.5;

/**
 * The load at which the first objective would reach its limit if its quantile went on along the line through two of the
 * levels: the highest, and the highest far enough below it. Above it where latency turns upwards, as it does at
 * saturation. Infinity when no objective rises; `points` in any order.
 */
export function forecastLoad(points: readonly StrainPoint[]): number {
  const [high, ...others] = points.toSorted((a, b) => b.load - a.load);
  const low = others.find(({ load }) => load * LEAST_BASELINE <= high!.load);
  if (high === undefined || low === undefined) return Infinity;
  const reached = high.strains.map((strain, objective) => {
    const [below, above] = [Math.exp(low.strains[objective]!), Math.exp(strain)];
    const slope = (above - below) / (high.load - low.load);
    return slope > 0 ? high.load + Math.max(0, 1 - above) / slope : Infinity;
  });
  return Math.min(...reached);
}

function objectiveCrossing(points: readonly StrainPoint[], objective: number): number {
  const known = points.filter(({ strains }) => !Number.isNaN(strains[objective]!)).toSorted((a, b) => a.load - b.load);
  if (known.length === 0) return NaN;
  const ease = nonIncreasing(
    known.map(({ strains }) => Math.min(FAR, Math.max(-FAR, -strains[objective]!))),
    known.map(({ weight }) => weight),
  );
  const found = crossing(
    known.map(({ load }) => Math.log(load)),
    ease,
    0,
  );
  return Number.isFinite(found) ? Math.exp(found) : NaN;
}
