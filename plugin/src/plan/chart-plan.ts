import type { Columns } from '../data/align.js';
import type { Measure } from '../data/roles.js';
import { project, type Lane, type LaneRange } from '../draw/lanes.js';

/** One line of a chart. */
export interface LinePlan {
  /** Stays the same from refresh to refresh. */
  key: string;
  laneKey: string;
  label: string;
  color: string;
  /** CSS pixels; empty: solid. */
  dash: readonly number[];
  widthPx: number;
  pointPx: number;
  /** Of the run that is compared with. */
  isBaseline: boolean;
}

/** Everything that a chart needs, as plain data. */
export interface ChartPlan {
  lanes: readonly Lane[];
  lines: readonly LinePlan[];
  /** Projected by lane and axis: see `project`. */
  columns: Columns;
  ranges: Readonly<Record<string, LaneRange>>;
  x: XAxisPlan;
}

export interface XAxisPlan {
  kind: 'time' | 'level';
  /** In the axis's own terms: epoch milliseconds, or the load (projected when `log`). */
  min: number;
  max: number;
  log: boolean;
  /** Loads to label; for time uPlot finds its own. */
  loads: readonly number[];
  /** Of a load, as in `users`; empty for time. */
  unit: string;
}

/** What a chart must be rebuilt for; all else is pushed into the one that stands. */
export function structureKey({ lanes, lines, x }: ChartPlan): string {
  return JSON.stringify([x.kind, lanes.map(({ key }) => key), lines]);
}

/** A load's place on the axis. */
export function projectLoad(load: number, log: boolean): number {
  return log ? Math.log2(load) : load;
}

/** Least and greatest value of some columns, where `xs`, which rise, lie within `[min, max]`. null: none. */
export function extent(
  xs: readonly number[],
  columns: readonly (readonly (number | null | undefined)[])[],
  min: number,
  max: number,
): [number | null, number | null] {
  const [from, to] = [firstAtLeast(xs, min), firstAtLeast(xs, max)];
  const end = xs[to] === max ? to + 1 : to;
  let least = Infinity;
  let most = -Infinity;
  for (const column of columns) {
    for (let i = from; i < end; i++) {
      const value = column[i];
      if (value === null || value === undefined) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return least > most ? [null, null] : [least, most];
}

/** Index of the first of some rising numbers that is not below `least`; their count where there is none. */
function firstAtLeast(rising: readonly number[], least: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last value that is there, in a list of one; none where there is none. */
export function lastKnown(column: readonly (number | null | undefined)[]): number[] {
  for (let i = column.length - 1; i >= 0; i--) {
    const value = column[i];
    if (value !== null && value !== undefined) return [value];
  }
  return [];
}

/** Values on the lane's scale; what has no logarithm becomes a gap. The array itself where nothing changes. */
export function projectColumn(
  values: readonly (number | null | undefined)[],
  range: LaneRange,
): readonly (number | null | undefined)[] {
  if (!range.log) return values;
  return values.map((value) =>
    value === null || value === undefined ? value : value > 0 ? project(value, range) : null,
  );
}

/** Dashes tell quantiles apart without colour. */
export function dashOf(q: string | null): readonly number[] {
  if (q === null || q === 'p50') return [];
  return q === 'p95' ? [7, 4] : [2, 3];
}

export const LANE_WEIGHT: Record<Measure, number> = {
  ttft: 3,
  tpot: 2,
  itl: 2,
  latency: 2,
  tokens: 1.5,
  requests: 1.5,
  errors: 1,
  inflight: 1,
  other: 2,
};
