import type { GaugeFigures } from '../measure/telemetry-figures.js';
import type { Fold, Role } from '../measure/telemetry-roles.js';
import { pointsBetween, type ScrapePoint, type UpstreamHistory, valueAt } from './history.js';
import type { TimeSpan } from './window-counters.js';

/** A role of one worker or device of one upstream. */
export interface Column {
  history: UpstreamHistory;
  series: number;
}

/** Values of several columns at one time; NaN: not told then. */
export interface Row {
  at: number;
  values: number[];
}

/** A value holds for so many scrape intervals, at least so many seconds. */
const HOLDS = { intervals: 3, seconds: 3 };
const LONGEST_HOLD = 60;

export const NO_FIGURES: GaugeFigures = { mean: NaN, peak: NaN, samples: 0 };

/** All columns of a role. */
export function columnsOf(histories: readonly UpstreamHistory[], role: Role): Column[] {
  return histories.flatMap((history) => history.seriesOf(role).map((series) => ({ history, series })));
}

/**
 * The columns' values at each scrape within the spans. Columns of one upstream are told together; those of different
 * upstreams are scraped at different moments, so each upstream's values hold until it tells new ones. A time at which one
 * of the upstreams has not answered for long gives no row.
 */
export function rowsWithin(columns: readonly Column[], spans: readonly TimeSpan[]): Row[] {
  const histories = [...new Set(columns.map(({ history }) => history))];
  const first = Math.min(...spans.map(({ from }) => from)) - LONGEST_HOLD;
  const last = Math.max(...spans.map(({ to }) => to));
  const events = histories.flatMap((history) =>
    pointsBetween(history, first, last)
      .filter(({ values }) => values !== null)
      .map((point) => ({ history, point })),
  );
  if (histories.length > 1) events.sort((a, b) => a.point.at - b.point.at);
  const held = new Map<UpstreamHistory, ScrapePoint>();
  const rows: Row[] = [];
  for (const { history, point } of events) {
    held.set(history, point);
    if (!spans.some(({ from, to }) => point.at >= from && point.at <= to)) continue;
    if (!histories.every((other) => isFresh(other, held.get(other), point.at))) continue;
    rows.push({ at: point.at, values: columns.map((column) => valueAt(held.get(column.history)!, column.series)) });
  }
  return rows;
}

function isFresh({ intervalSeconds }: UpstreamHistory, point: ScrapePoint | undefined, now: number): boolean {
  return point !== undefined && now - point.at <= Math.max(HOLDS.seconds, HOLDS.intervals * intervalSeconds);
}

/** Each row as one value; workers and devices that were not told then are not in it. */
export function folded(rows: readonly Row[], fold: Fold): number[] {
  return rows.flatMap(({ values }) => {
    const known = values.filter((value) => !Number.isNaN(value));
    if (known.length === 0) return [];
    if (fold === 'max') return [Math.max(...known)];
    const sum = known.reduce((total, value) => total + value, 0);
    return [fold === 'sum' ? sum : sum / known.length];
  });
}

export function gaugeFigures(values: readonly number[]): GaugeFigures {
  if (values.length === 0) return NO_FIGURES;
  const sum = values.reduce((total, value) => total + value, 0);
  const peak = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return { mean: sum / values.length, peak, samples: values.length };
}

/** Most less least of each row with at least two values. */
export function spreads(rows: readonly Row[]): number[] {
  return rows.flatMap(({ values }) => {
    const known = values.filter((value) => !Number.isNaN(value));
    return known.length < 2 ? [] : [Math.max(...known) - Math.min(...known)];
  });
}
