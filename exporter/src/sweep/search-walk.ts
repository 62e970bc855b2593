import { decideLevel, isHopeless, type LevelClaim } from '../analysis/slo-search/level-decision.js';
import { levelEvidence } from '../analysis/slo-search/level-evidence.js';
import { leastSample, lookedAt, replaySearch, searchLimits } from '../analysis/slo-search/replay.js';
import type { LevelAction } from '../analysis/slo-search/next-level.js';
import { sleep } from '../clock/clock.js';
import type { WindowRecord } from '../measure/records.js';
import { runTime } from './edges.js';
import type { LevelStep } from './level-steps.js';
import type { UntilMeasured } from './measure-window.js';
import type { SweepParts } from './parts.js';
import type { EnoughSeen } from './warm-up.js';

/** Looks are this far apart in time, as a share of what has been measured, so that long levels cost no more to watch. */
const LOOK_SHARE = 0.02;
/** Events of up to so long ago have certainly been counted. */
const LOOK_OFFSET_SECONDS = 0.25;

/** What ends a level's phases. */
export interface LevelWatch {
  enough: EnoughSeen;
  until: UntilMeasured;
}

/** What the search has the driver do. */
export interface SearchHands {
  parts: SweepParts;
  /** Loads by level index; the search appends to it. */
  levels: number[];
  windows: readonly WindowRecord[];
  /** Runs one level: warm-up, then measurement, each until `watch` says so at the latest. */
  measure(step: LevelStep, watch: LevelWatch): Promise<void>;
  /** Keeps a load for a warm-up without measuring it. */
  hold(step: LevelStep): Promise<void>;
  /** Tells how many levels are still to be expected. */
  expect(step: LevelStep): void;
}

/**
 * Searches for the SLO boundary: asks `replaySearch` what to do next, does it, and asks again, until there is nothing
 * left to do or the sweep is stopped. Keeps no state of its own: everything is in the windows and records, which is why
 * an interrupted search goes on where it was.
 */
export async function searchBoundary(hands: SearchHands): Promise<void> {
  const { parts } = hands;
  while (!parts.signal.aborted) {
    const standing = replaySearch(parts.spec, hands.windows, parts.recorder.records);
    if (standing.next.kind === 'end') return;
    const left = searchLimits(parts.spec).maxSeconds - standing.elapsed;
    const { role, via, mostSeconds, mayGiveUp } = standing.next;
    const step = stepOf(hands, standing.next);
    hands.expect(step);
    if (via !== null) await hands.hold(heldStep(hands, via, step));
    if (parts.signal.aborted) return;
    const deadline = runTime(parts) + left;
    const firstRecord = parts.recorder.records.length;
    await hands.measure(step, {
      // What came of it last time may have been for want of steadiness.
      enough: role === 'retry' ? () => null : (since) => failsPlainly(parts, firstRecord, since),
      until: (startedAt) =>
        untilDecided(parts, startedAt, { mostSeconds: Math.min(mostSeconds, deadline - startedAt), mayGiveUp }),
    });
  }
}

/** The level's place in the run: a load that was visited before keeps its level, and counts as a further repetition. */
function stepOf({ levels, windows }: SearchHands, { load }: LevelAction): LevelStep {
  const known = levels.indexOf(load);
  const level = known >= 0 ? known : levels.push(load) - 1;
  const before = windows.filter((window) => window.level === level).map(({ repetition }) => repetition);
  const repetition = Math.max(0, ...before) + 1;
  return { repetition, level, load, window: `r${repetition}-l${level + 1}` };
}

/** A load that is only held belongs to the level that comes after it: nothing of it is measured. */
function heldStep({ levels }: SearchHands, load: number, next: LevelStep): LevelStep {
  return { ...next, level: levels.indexOf(load), load };
}

/** Measures until the level is decided or given up, or its cap or `mostSeconds` have passed; at least the spec's least. */
async function untilDecided(
  parts: SweepParts,
  startedAt: number,
  { mostSeconds, mayGiveUp }: Pick<LevelAction, 'mostSeconds' | 'mayGiveUp'>,
): Promise<void> {
  const { measure, snapshots } = parts.spec.load;
  const least = leastSample(parts.spec);
  const longest = measure.kind === 'duration' ? measure.maxSeconds : Infinity;
  const cap = Math.min(longest, mostSeconds);
  const firstRecord = parts.recorder.records.length;
  for (;;) {
    const now = runTime(parts);
    const elapsed = now - startedAt;
    parts.state.snapshot = Math.min(snapshots, 1 + Math.floor((elapsed / cap) * snapshots));
    if (elapsed >= Math.max(cap, least.seconds)) return;
    if (elapsed >= least.seconds) {
      const decision = decisionNow(parts, firstRecord, startedAt, now);
      if (decision.claim !== 'open' || (mayGiveUp && isHopeless(decision, elapsed, longest))) return;
    }
    const pause = Math.max(1, Math.floor(elapsed * LOOK_SHARE));
    const next = Math.floor(now - LOOK_OFFSET_SECONDS) + pause + LOOK_OFFSET_SECONDS;
    await sleep(
      parts.clock,
      Math.min(next - now, Math.max(0.01, startedAt + Math.max(cap, least.seconds) - now)),
      parts.signal,
    );
    if (parts.signal.aborted) return;
  }
}

/**
 * Tells when a level that is not steady yet fails whatever comes: the requests begun at or after `since`, and the later
 * half of them alone (it does not get better), prove it, as they would in a measurement. Its own measurement must still.
 */
function failsPlainly(parts: SweepParts, firstRecord: number, since: number): string | null {
  const now = runTime(parts);
  const [all, later] = [since, (since + now) / 2].map((from) => decisionNow(parts, firstRecord, from, now));
  return all!.claim === 'fail' && later!.claim === 'fail' ? `but ${later!.binding} is missed beyond doubt` : null;
}

/** What the requests that were begun at or after `from` claim of their level; `firstRecord`: an index before theirs. */
function decisionNow(parts: SweepParts, firstRecord: number, from: number, now: number): LevelClaim {
  const asOf = lookedAt(now);
  const records = parts.recorder.records.slice(firstRecord);
  const evidence = levelEvidence(records, [{ from, to: asOf }], parts.spec.slo, asOf);
  return decideLevel(evidence, now - from, leastSample(parts.spec));
}
