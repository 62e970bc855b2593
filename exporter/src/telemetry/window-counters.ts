import { type UpstreamHistory, valueAt } from './history.js';

/** From, to: seconds on the run's time line. */
export interface TimeSpan {
  from: number;
  to: number;
}

/** A counter's growth within a span, and the part of the span in which it is known. */
export interface Growth {
  /** NaN: nothing is known of it. */
  increase: number;
  seconds: number;
}

const UNKNOWN: Growth = { increase: NaN, seconds: 0 };

/**
 * Growth of one counter within a span. Between two scrapes it is taken to grow evenly, so that a span's edge cuts the
 * growth of its scrape interval in proportion. A value below the one before means that the counter began anew at 0. Where
 * the first or last scrape lies within the span, growth and seconds are those between them: nothing is extrapolated.
 */
export function growthWithin(history: UpstreamHistory, series: number, { from, to }: TimeSpan): Growth {
  const { points } = history;
  let before: { at: number; value: number } | null = null;
  let increase = 0;
  let seconds = 0;
  for (let index = lastBefore(history, from); index < points.length; index++) {
    const point = points[index]!;
    const value = valueAt(point, series);
    if (Number.isNaN(value)) continue;
    if (before !== null && point.at > before.at) {
      const grown = value >= before.value ? value - before.value : value;
      const part = Math.min(point.at, to) - Math.max(before.at, from);
      if (part > 0) {
        increase += (grown * part) / (point.at - before.at);
        seconds += part;
      }
    }
    before = { at: point.at, value };
    if (point.at >= to) break;
  }
  return seconds > 0 ? { increase, seconds } : UNKNOWN;
}

/** Index of the last answer at or before `at`, a little earlier where its row may lack a series; 0 when there is none. */
function lastBefore({ points }: UpstreamHistory, at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - LOOK_BACK);
}

/** Scrapes that may have failed in a row before the edge without its being lost. */
const LOOK_BACK = 16;

/** Growth over several spans and series; NaN where none is known. Series of one role are added up. */
export function totalGrowth(history: UpstreamHistory, series: readonly number[], spans: readonly TimeSpan[]): Growth {
  let total: Growth = UNKNOWN;
  for (const span of spans) {
    const grown = series.map((index) => growthWithin(history, index, span)).filter(({ seconds }) => seconds > 0);
    if (grown.length === 0) continue;
    const increase = grown.reduce((sum, growth) => sum + growth.increase, 0);
    const seconds = Math.max(...grown.map((growth) => growth.seconds));
    total = {
      increase: (Number.isNaN(total.increase) ? 0 : total.increase) + increase,
      seconds: total.seconds + seconds,
    };
  }
  return total;
}

/** Times within the spans at which an upstream's counters began anew, or the process that keeps them did. */
export function restartsWithin(history: UpstreamHistory, spans: readonly TimeSpan[]): number {
  const counters = history.series.flatMap(({ role }, index) => (/_(total|sum|count)$/.test(role) ? [index] : []));
  const starts = history.seriesOf('process_start_seconds');
  const answered = history.points.filter(({ values }) => values !== null);
  let restarts = 0;
  for (let index = 1; index < answered.length; index++) {
    const [before, point] = [answered[index - 1]!, answered[index]!];
    const overlaps = spans.some(({ from, to }) => point.at > from && before.at < to);
    if (!overlaps) continue;
    const beganAnew = counters.some((series) => valueAt(point, series) < valueAt(before, series));
    const startedAnew = starts.some((series) => valueAt(point, series) > valueAt(before, series) + START_TOLERANCE);
    if (beganAnew || startedAnew) restarts += 1;
  }
  return restarts;
}

/** A process tells its start by a clock that may be stepped a little. */
const START_TOLERANCE = 1;
