import { latencySeconds, meanGapSeconds, ttftSeconds } from '../measure/request-times.js';
import { tpotSeconds } from '../measure/request-times.js';
import type { RequestRecord } from '../measure/records.js';

/** The requests that ended lately; times in seconds. */
export interface RecentRequests {
  /** Length of the stretch, shorter than asked for at a run's beginning. */
  seconds: number;
  completed: number;
  errors: number;
  ttft: number[];
  itl: number[];
  tpot: number[];
  latency: number[];
  outputTokens: number[];
}

/** Of `records`, those that ended in the `seconds` before `now` (run time). */
export function recentRequests(records: readonly RequestRecord[], now: number, seconds: number): RecentRequests {
  const ended = records.filter((record) => record.endedAt > now - seconds);
  const known = (read: (record: RequestRecord) => number): number[] => ended.map(read).filter(Number.isFinite);
  return {
    seconds: Math.max(1, Math.min(seconds, now)),
    completed: ended.length,
    errors: ended.filter((record) => record.outcome !== 'ok').length,
    ttft: known(ttftSeconds),
    itl: known(meanGapSeconds),
    tpot: known(tpotSeconds),
    latency: known(latencySeconds),
    outputTokens: known((record) => record.outputTokens),
  };
}
