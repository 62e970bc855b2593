import { sayLoad, sayNumber, sayTime } from './in-words.js';
import type { LevelResult } from './level-result.js';
import type { Cause, NamedCause } from './run-analysis.js';
import type { SerialService } from './serial-service.js';
import type { SlotLimit } from './slot-limit.js';

/** What all levels together tell of waiting. */
export interface RunWaiting {
  /** In closed loop, from the waiting times; null: none was found. */
  limit: SlotLimit | null;
  serial: SerialService | null;
}

/** Which of a serial server's signals only follow from its being one: users' waiting, and its one GPU never resting. */
const FOLLOWS_SERIAL: readonly Cause[] = ['client', 'queue', 'memory_bound', 'compute_bound', 'admission_limit'];
/** Under these, the number served at once is no limit of the server but what was left of it. */
const OTHER_LIMITS: readonly Cause[] = ['admission_limit', 'kv_pressure'];

/** A level's causes by the server's signals, with what the waiting times of all levels tell from our side. */
export function withWaiting(named: readonly NamedCause[], level: LevelResult, waiting: RunWaiting): NamedCause[] {
  const { limit, serial } = waiting;
  if (serial !== null && level.valid && level.load > 1) {
    return [oneByOne(level, serial), ...named.filter(({ cause }) => !FOLLOWS_SERIAL.includes(cause))];
  }
  return serial === null && limit !== null ? withSlots(named, level, limit) : [...named];
}

/** Where a proxy lets one request through at a time, the server itself sees no queue: only we do. */
function oneByOne({ load, requestsPerSecond, telemetry }: LevelResult, serial: SerialService): NamedCause {
  const rate = requestsPerSecond > 0 ? requestsPerSecond : serial.requestsPerSecond;
  const waiting = load - 1;
  const unseen =
    telemetry != null && telemetry.ttftGapSeconds > telemetry.ttftSeconds
      ? `, ${sayTime(telemetry.ttftGapSeconds)} of TTFT before the server counts them: a proxy or a lock in front of it`
      : '';
  const text =
    `requests are served one after the other, S = 1: of ${sayLoad(load, true)} ${sayNumber(waiting)} wait, ` +
    `at ${sayNumber(rate)} requests per second ${sayTime(waiting / rate)}${unseen}`;
  return { cause: 'admission_limit', text };
}

/** Adds the slot limit that the waiting times tell, unless the server's signals named what limits already. */
function withSlots(
  named: readonly NamedCause[],
  { load, ttft, requestsPerSecond }: LevelResult,
  limit: SlotLimit,
): NamedCause[] {
  const waits = load > limit.slots && ttft.p50.value > 2 * limit.baseSeconds;
  if (!waits || named.some(({ cause }) => OTHER_LIMITS.includes(cause))) return [...named];
  const queued = load - limit.slots;
  const text =
    `${sayNumber(queued)} of ${sayNumber(load)} users wait for one of ${sayNumber(limit.slots)} slots: at ` +
    `${sayNumber(requestsPerSecond)} requests per second that takes ${sayTime(queued / requestsPerSecond)}`;
  return [...named, { cause: 'admission_limit', text }];
}
