import type { Measure } from '../data/roles.js';

/** A strip of the plot with a scale of its own. All lanes share the x axis and one canvas. */
export interface Lane {
  /** Also the scale's key. */
  key: string;
  measure: Measure;
  title: string;
  /** Share of the plot's height, from its bottom. */
  from: number;
  to: number;
}

/** What a lane shows: values between `low` and `high`. */
export interface LaneRange {
  low: number;
  high: number;
  log: boolean;
}

/** Room above each lane for its title, pixels. */
export const LANE_GAP_PX = 22;
/** A lane that is lower shows nothing. */
const LEAST_LANE_PX = 36;

export interface WantedLane {
  key: string;
  measure: Measure;
  title: string;
  weight: number;
}

/**
 * Lanes from top to bottom in a plot of that height; the last ones are left out where it is too low for all.
 * `headPx` stay free on top.
 */
export function layoutLanes(wanted: readonly WantedLane[], plotPx: number, headPx = 0): Lane[] {
  const fitting = Math.max(1, Math.floor((plotPx - headPx) / (LANE_GAP_PX + LEAST_LANE_PX)));
  const kept = wanted.slice(0, fitting);
  const free = Math.max(0, 1 - (kept.length * LANE_GAP_PX + headPx) / Math.max(plotPx, 1));
  const weights = kept.reduce((sum, { weight }) => sum + weight, 0);
  let top = 1 - headPx / Math.max(plotPx, 1);
  return kept.map(({ key, measure, title, weight }) => {
    const to = top - LANE_GAP_PX / Math.max(plotPx, 1);
    const from = Math.max(0, to - (free * weight) / weights);
    top = from;
    return { key, measure, title, from, to: Math.max(to, from + 1e-3) };
  });
}

/** A value as the lane's scale has it: uPlot's scales stay linear, so that a change to logarithms needs no new chart. */
export function project(value: number, { log }: Pick<LaneRange, 'log'>): number {
  return log ? Math.log10(value) : value;
}

/** Where one scale must begin and end over the whole plot, projected, so that `low` to `high` lie within the lane. */
export function scaleRange(range: LaneRange, { from, to }: Pick<Lane, 'from' | 'to'>): [number, number] {
  const a = project(range.low, range);
  const whole = (project(range.high, range) - a) / (to - from);
  const min = a - from * whole;
  return [min, min + whole];
}

/** Values closer together than this are nothing to draw a scale for. */
const LEAST_SPAN = 1e-12;

/** A lane is drawn with logarithms where its values span more than this. */
const LOG_SPAN = 30;

/**
 * What a lane should show: from zero to above the largest value and limit, or, where values span more than a factor of
 * 30 (as TTFT does when a server collapses), by logarithm. null values: nothing to show, 0 to 1.
 */
export function laneRange(
  least: number | null,
  most: number | null,
  limits: readonly number[],
  scale: 'auto' | 'linear' | 'log',
): LaneRange {
  const known = [least, most, ...limits].filter((value): value is number => value !== null && Number.isFinite(value));
  const high = Math.max(...known, -Infinity);
  const low = Math.min(...known, Infinity);
  if (known.length === 0 || !(Math.max(high, 0) - Math.min(low, 0) > LEAST_SPAN))
    return { low: 0, high: 1, log: false };
  const log = low > 0 && (scale === 'log' || (scale === 'auto' && high / low > LOG_SPAN));
  if (log) return { low: low / 1.3, high: high * 1.5, log };
  const [bottom, top] = [Math.min(low, 0), Math.max(high, 0)];
  const span = top - bottom;
  return { low: bottom < 0 ? bottom - span * 0.05 : 0, high: top + span * 0.1, log };
}
