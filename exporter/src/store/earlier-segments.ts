import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { readRequests, readTelemetry, readTimeline } from './run-folder.js';
import { windowsOf } from './timeline-log.js';

/** What an interrupted run leaves to the process that goes on with it. */
export interface EarlierSegments {
  records: RequestRecord[];
  /** Complete windows; one that a stop cut short is measured anew. */
  windows: WindowRecord[];
  /** Stretches of the run so far: Unix time of the beginning, and that moment in run time. Seconds. */
  segments: { epoch: number; at: number }[];
  /** Unix time of the run's first beginning, seconds. */
  startedEpoch: number;
  /** Lines of `telemetry.jsonl`. */
  telemetry: readonly string[];
}

/** Exclusion reason of windows that the stop of a sweep cut short. */
export const STOPPED = 'the sweep was stopped before its end';

/** Reads what a run folder's logs hold. `segments` is empty when the run never began. */
export async function readEarlierSegments(dir: string): Promise<EarlierSegments> {
  const { records, segments } = await readRequests(dir);
  const windows = windowsOf(await readTimeline(dir)).filter((window) => window.excluded !== STOPPED);
  const first = segments[0];
  return {
    records,
    windows,
    segments: segments.map(({ epoch, at }) => ({ epoch, at })),
    startedEpoch: first === undefined ? NaN : first.epoch - first.at,
    telemetry: await readTelemetry(dir),
  };
}
