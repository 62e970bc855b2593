import type { DataFrame } from '@grafana/data';
import type { MatrixSeries } from '../datasource/matrix.js';
import { toFrames } from '../datasource/to-frames.js';

/** What `GET /api/v1/panel` answers. Epoch seconds. */
export interface FeedAnswer {
  now: number;
  step: number;
  live: MatrixSeries[];
  record: MatrixSeries[];
}

/** The feed as the page has it so far. */
export interface Feed {
  now: number;
  step: number;
  /** Rows that the server has dropped since are dropped here too. */
  live: ReadonlyMap<string, MatrixSeries>;
  record: readonly MatrixSeries[];
}

/** Samples that are kept for one series, as many as the server keeps. */
const MOST_SAMPLES = 3600;

/** Adds what came since. When the server's step has grown the whole feed has to be asked for again: `null`. */
export function mergeFeed(old: Feed | null, answer: FeedAnswer): Feed | null {
  if (old !== null && answer.step !== old.step) return null;
  const live = new Map(old?.live);
  for (const series of answer.live) {
    const key = JSON.stringify(series.metric);
    const values = [...(live.get(key)?.values ?? []), ...series.values];
    live.set(key, { metric: series.metric, values: values.slice(-MOST_SAMPLES) });
  }
  return { now: answer.now, step: answer.step, live, record: answer.record };
}

/** The newest sample's time: what to ask for next. 0: everything. */
export function lastTime(feed: Feed | null): number {
  const times = [...(feed?.live.values() ?? [])].map(({ values }) => values.at(-1)?.[0] ?? 0);
  return Math.max(0, ...times);
}

/** Frames as if Prometheus had been asked for it all. */
export function feedFrames({ live, record }: Feed): DataFrame[] {
  return toFrames([
    { refId: 'live', format: 'range', result: [...live.values()] },
    { refId: 'record', format: 'range', result: record },
  ]);
}

/** When the newest run began, epoch seconds; null without a window. */
export function newestStart({ record }: Feed): number | null {
  const starts = record.filter(({ metric }) => metric.__name__ === 'loadgen_window_timestamp_seconds');
  const newest = starts
    .map(({ metric }) => metric.run ?? '')
    .sort()
    .at(-1);
  const own = starts.filter(({ metric }) => metric.run === newest).map(({ values }) => Number(values[0]?.[1]));
  return own.length === 0 ? null : Math.min(...own);
}

/** Value of a gauge of the live state now; NaN when it is not there. */
export function liveValue({ live }: Feed, name: string): number {
  const series = [...live.values()].filter(({ metric }) => metric.__name__ === name);
  const newest = series.sort((a, b) => (a.values.at(-1)?.[0] ?? 0) - (b.values.at(-1)?.[0] ?? 0)).at(-1);
  return Number(newest?.values.at(-1)?.[1] ?? NaN);
}
