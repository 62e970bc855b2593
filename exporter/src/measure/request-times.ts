import type { RequestRecord } from './records.js';

/** Start to first token chunk, seconds; NaN without one. Also of requests that failed later. */
export const ttftSeconds = (record: RequestRecord): number => record.firstTokenAt - record.startedAt;

/** Start to the last token or finish chunk of a request that ended well, seconds; NaN for others. */
export const latencySeconds = (record: RequestRecord): number =>
  record.outcome === 'ok' ? record.completedAt - record.startedAt : NaN;

/** Mean gap between token chunks of a request that ended well, seconds; NaN for others and below two chunks. */
export const meanGapSeconds = (record: RequestRecord): number =>
  record.outcome === 'ok' && record.tokenChunks > 1
    ? (record.completedAt - record.firstTokenAt) / (record.tokenChunks - 1)
    : NaN;

/** A client time-out: we stopped waiting, so the true time is only known to be longer. */
export const isCensored = (record: RequestRecord): boolean => record.outcome?.startsWith('timeout_') ?? false;

/** (E2E − TTFT) / (n − 1) of a request that ended well; NaN for others and where n ≤ 1. Seconds. */
export function tpotSeconds(record: RequestRecord): number {
  if (record.outcome !== 'ok' || !(record.outputTokens > 1)) return NaN;
  return (record.completedAt - record.firstTokenAt) / (record.outputTokens - 1);
}
