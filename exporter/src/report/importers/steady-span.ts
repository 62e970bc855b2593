import type { RequestRecord } from '../../measure/records.js';
import type { PartSpan } from './types.js';

const MICROSECOND = 1e-6;

/** The part of a run that is used, and why not a steady one. */
export interface SteadySpan {
  span: PartSpan;
  /** Why ramp-up and tail are in it; null: they are not. */
  uncut: string | null;
}

/**
 * The part of a closed-loop run without ramp-up and tail: from the `users`-th end (the first request of about every user
 * is over) to the last start (from then on users run out). Both lie just behind an end, so that of `n` requests exactly
 * n − 2 × users end within, and rates are not biased by where the cuts fall in a wave. A run of fewer than three requests
 * a user has no such part, and is taken whole.
 */
export function steadySpan(records: readonly RequestRecord[], users: number): SteadySpan {
  const ends = records.map(({ endedAt }) => endedAt).filter((time) => Number.isFinite(time));
  ends.sort((a, b) => a - b);
  const from = ends[Math.ceil(users) - 1] ?? Infinity;
  const to = records.reduce((latest, { startedAt }) => Math.max(latest, startedAt), -Infinity);
  const within = ends.filter((time) => time > from && time <= to).length;
  if (within >= users) return { span: { from: from + MICROSECOND, to: to + MICROSECOND }, uncut: null };
  const uncut = `${records.length} requests are too few for ${users} users to leave ramp-up and tail out`;
  return { span: wholeSpan(records), uncut };
}

/** The steady part of an open-loop run: from one mean request after the first start to the last start. */
export function arrivalSpan(records: readonly RequestRecord[]): SteadySpan {
  const whole = wholeSpan(records);
  const ended = records.filter(({ endedAt }) => Number.isFinite(endedAt));
  const mean = ended.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0) / ended.length;
  const from = whole.from + mean;
  const to = records.reduce((latest, { startedAt }) => Math.max(latest, startedAt), -Infinity) + MICROSECOND;
  if (to - from > (to - whole.from) / 2) return { span: { from, to }, uncut: null };
  return { span: whole, uncut: 'the run is too short for its requests to leave ramp-up and tail out' };
}

/** From the first start to the last end. */
export function wholeSpan(records: readonly RequestRecord[]): PartSpan {
  let from = Infinity;
  let to = -Infinity;
  for (const { startedAt, firstTokenAt, endedAt } of records) {
    from = Math.min(from, startedAt);
    for (const time of [startedAt, firstTokenAt, endedAt]) if (time > to) to = time;
  }
  return { from, to: to + MICROSECOND };
}

/** Output tokens within a span, those of each request spread evenly from its first to its last. */
export function spreadTokens(records: readonly RequestRecord[], { from, to }: PartSpan): number {
  let total = 0;
  for (const { firstTokenAt, completedAt, outputTokens } of records) {
    if (!(outputTokens > 0) || Number.isNaN(firstTokenAt) || Number.isNaN(completedAt)) continue;
    if (firstTokenAt >= from && firstTokenAt < to) total += 1;
    const length = completedAt - firstTokenAt;
    const overlap = Math.min(to, completedAt) - Math.max(from, firstTokenAt);
    if (length > 0 && overlap > 0) total += ((outputTokens - 1) * overlap) / length;
  }
  return total;
}
