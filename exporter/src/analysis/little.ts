import type { RequestRecord, SlotSeconds, WindowRecord } from '../measure/records.js';

/** States in which a user is meant to have no request under way. */
const WAITS = ['think', 'followup', 'backoff', 'permit', 'ramp'] as const;

/** Seconds that users spent thinking, having a follow-up written, backing off, or waiting for a permit or their start. */
export function waitSeconds(slots: SlotSeconds): number {
  return WAITS.reduce((sum, state) => sum + slots[state], 0);
}

/** What Little's law is checked with. Completions include failures. */
export interface LittleInput {
  /** Per second. */
  completions: number;
  /** Mean seconds from start to end of a completed request. */
  meanResidence: number;
  /** Mean number of users without a request: thinking, in back-off and so on. */
  meanWaiting: number;
  /** Users. */
  users: number;
}

/**
 * Little's law as a check (Little 1961; Denning and Buzen 1978): throughput × residence, plus the users that wait, over
 * the users there are. Near 1 when the measurement is consistent; above, load came from elsewhere or was counted twice;
 * below, users were idle or requests were lost.
 */
export function littleRatio({ completions, meanResidence, meanWaiting, users }: LittleInput): number {
  const busy = completions === 0 ? 0 : completions * meanResidence;
  return (busy + meanWaiting) / users;
}

/** Little's ratio of a closed-loop window, from its own records. */
export function windowLittleRatio(window: MeasuredSpan, records: readonly RequestRecord[]): number {
  const { measureStartedAt: from, measureEndedAt: to } = window;
  let completed = 0;
  let residence = 0;
  for (const record of records) {
    if (record.outcome === null || !(record.endedAt >= from && record.endedAt < to)) continue;
    completed += 1;
    residence += record.endedAt - record.startedAt;
  }
  return littleRatio({
    completions: completed / (to - from),
    meanResidence: residence / completed,
    meanWaiting: waitSeconds(window.slotSeconds) / (to - from),
    users: window.load,
  });
}

export type MeasuredSpan = Pick<WindowRecord, 'measureStartedAt' | 'measureEndedAt' | 'slotSeconds' | 'load'>;

/** Request seconds in flight between two times, exact: each request's [start, end] cut to them; not ended: to the end. */
export function inFlightSeconds(records: readonly RequestRecord[], from: number, to: number): number {
  let total = 0;
  for (const { startedAt, endedAt } of records) {
    const begin = Math.max(from, startedAt);
    const end = Number.isNaN(endedAt) ? to : Math.min(to, endedAt);
    if (end > begin) total += end - begin;
  }
  return total;
}

/** Requests in flight over the users that should have one (users − those waiting); NaN when all waited. */
export function inFlightRatio(window: MeasuredSpan, records: readonly RequestRecord[]): number {
  const { measureStartedAt: from, measureEndedAt: to } = window;
  const expected = window.load * (to - from) - waitSeconds(window.slotSeconds);
  return expected > 0 ? inFlightSeconds(records, from, to) / expected : NaN;
}
