import { warmupVerdict, type TimedValue } from '../analysis/steady-state.js';
import { sleep } from '../clock/clock.js';
import { WARMUP_CAP } from '../config/plan.js';
import type { RequestRecord, WarmupRecord } from '../measure/records.js';
import { runTime } from './edges.js';
import type { SweepParts } from './parts.js';

const LOOK_EVERY_SECONDS = 0.5;
/** The series are looked at so far apart, as a share of the warm-up so far: each look goes through all of them. */
const JUDGED_SHARE = 0.01;

/** Whether what began at or after `since` (run time) tells enough of the level, steady or not: in words how; null: no. */
export type EnoughSeen = (since: number) => string | null;

/**
 * Keeps the level under load until it is steady: the minimum has passed, every user has begun, no request of an earlier
 * level is under way, and TTFT, in-flight and turn mix show no drift; or until the cap, which is said in the record. Ends
 * before that when the requests since every user has begun are `enough`.
 */
export async function warmUp(
  parts: SweepParts,
  levelStartedAt: number,
  enough: EnoughSeen = () => null,
): Promise<WarmupRecord> {
  const minimumSeconds = parts.spec.load.warmupSeconds;
  if (minimumSeconds === 0) return { steady: false, reason: 'no warm-up was asked for', seconds: 0 };
  const capSeconds = WARMUP_CAP * minimumSeconds;
  const inFlight: TimedValue[] = [];
  let firstOfLevel = parts.recorder.records.length;
  let judgedAt = -Infinity;
  let allBegunAt = Infinity;
  for (;;) {
    await sleep(parts.clock, LOOK_EVERY_SECONDS, parts.signal);
    const now = runTime(parts);
    inFlight.push({ at: now, value: parts.recorder.inFlight });
    const elapsed = now - levelStartedAt;
    const earlierInFlight = startedBefore(parts, levelStartedAt) + parts.recorder.slots.count('ramp');
    allBegunAt = earlierInFlight > 0 ? Infinity : Math.min(allBegunAt, now);
    // Not steady whatever the series say: they are not looked at.
    const tooEarly = elapsed < minimumSeconds || (earlierInFlight > 0 && elapsed < capSeconds);
    const tooSoon = elapsed < Math.min(capSeconds, judgedAt + JUDGED_SHARE * elapsed);
    if ((tooEarly || tooSoon) && !parts.signal.aborted) continue;
    judgedAt = elapsed;
    firstOfLevel = firstIndexFrom(parts.recorder.records, levelStartedAt, firstOfLevel);
    const begun = parts.recorder.records.slice(firstOfLevel);
    const seen = begun.filter((record) => !Number.isNaN(record.firstTokenAt));
    const verdict = warmupVerdict({
      minimumSeconds,
      capSeconds,
      elapsed,
      ttft: seen.map((record) => ({ at: record.firstTokenAt, value: record.firstTokenAt - record.startedAt })),
      inFlight,
      turnMix: begun.map((record) => ({ at: record.startedAt, turn: record.turn })),
      earlierInFlight,
    });
    if (verdict.done) return { steady: verdict.steady, reason: verdict.reason, seconds: elapsed };
    if (parts.signal.aborted) return { steady: false, reason: 'the sweep was stopped', seconds: elapsed };
    const told = enough(allBegunAt);
    if (told !== null) return { steady: false, reason: `not steady yet, ${told}`, seconds: elapsed };
  }
}

/** Requests under way that were begun before `at`. */
function startedBefore(parts: SweepParts, at: number): number {
  let count = 0;
  for (const record of parts.recorder.openRecords()) if (record.startedAt < at) count += 1;
  return count;
}

/** Index of the first record begun at or after `at`; records are nearly in order of their starts. */
function firstIndexFrom(records: readonly RequestRecord[], at: number, hint: number): number {
  let index = Math.min(hint, records.length);
  while (index > 0 && records[index - 1]!.startedAt >= at) index -= 1;
  while (index < records.length && records[index]!.startedAt < at) index += 1;
  return index;
}
