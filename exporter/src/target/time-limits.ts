import type { TimeoutsSpec } from '../config/spec.js';
import type { ErrorClass } from './types.js';

/** What is known of a request that may run out of time; `Clock.now()` seconds, NaN: not yet. */
export interface Waiting {
  readonly startedAt: number;
  readonly firstTokenAt: number;
  /** When the answer last gave a sign of life. */
  readonly lastEventAt: number;
}

/** Rounding of sums of seconds. */
const EPSILON_SECONDS = 1e-6;

/** `Clock.now()` seconds at which a request runs out of time, by what is known now. */
export function deadlineOf({ startedAt, firstTokenAt, lastEventAt }: Waiting, limits: TimeoutsSpec): number {
  const total = startedAt + limits.totalSeconds;
  if (Number.isNaN(firstTokenAt)) return Math.min(total, startedAt + limits.firstTokenSeconds);
  return Math.min(total, lastEventAt + limits.idleSeconds);
}

/** Which limit a request that is past its deadline has exceeded, and how that is told. */
export function exceededLimit(
  { startedAt, firstTokenAt }: Waiting,
  limits: TimeoutsSpec,
  now: number,
): { outcome: ErrorClass; reason: string } {
  const { firstTokenSeconds, idleSeconds, totalSeconds } = limits;
  if (now - startedAt >= totalSeconds - EPSILON_SECONDS) {
    return { outcome: 'timeout_total', reason: `no end within ${totalSeconds} s` };
  }
  if (Number.isNaN(firstTokenAt)) {
    return { outcome: 'timeout_first_token', reason: `no token within ${firstTokenSeconds} s` };
  }
  return { outcome: 'timeout_idle', reason: `nothing came for ${idleSeconds} s in the middle of the answer` };
}
