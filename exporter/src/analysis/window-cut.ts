import type { RequestRecord, WindowRecord } from '../measure/records.js';

/** From (inclusive) to (exclusive), seconds since the run began. */
export interface Span {
  from: number;
  to: number;
}

/** The measured part of a window. */
export function measuredSpan(window: Pick<WindowRecord, 'measureStartedAt' | 'measureEndedAt'>): Span {
  return { from: window.measureStartedAt, to: window.measureEndedAt };
}

/** Whether a time lies in the span; unknown (NaN) lies in none. */
export function within(at: number, { from, to }: Span): boolean {
  return at >= from && at < to;
}

/** TTFT is observed when the first token arrives, whatever becomes of the request. */
export function observesFirstToken(record: RequestRecord, span: Span): boolean {
  return within(record.firstTokenAt, span);
}

/** TPOT, E2E latency and errors are observed when the request ends. */
export function observesEnd(record: RequestRecord, span: Span): boolean {
  return record.outcome !== null && within(record.endedAt, span);
}

/** SLO shares count requests by their start. */
export function observesStart(record: RequestRecord, span: Span): boolean {
  return record.level >= 0 && within(record.startedAt, span);
}
