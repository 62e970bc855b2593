import { decideLevel, isHopeless } from '../analysis/slo-search/level-decision.js';
import { levelEvidence } from '../analysis/slo-search/level-evidence.js';
import { leastSample, lookedAt, replaySearch, searchLimits } from '../analysis/slo-search/replay.js';
import type { SearchAction } from '../analysis/slo-search/next-level.js';
import { sleep } from '../clock/clock.js';
import type { WindowRecord } from '../measure/records.js';
import { runTime } from './edges.js';
import type { LevelStep } from './level-steps.js';
import type { UntilMeasured } from './measure-window.js';
import type { SweepParts } from './parts.js';

/** Looks are this far apart in time, as a share of what has been measured, so that long levels cost no more to watch. */
const LOOK_SHARE = 0.02;
/** Events of up to so long ago have certainly been counted. */
const LOOK_OFFSET_SECONDS = 0.25;

/** What the search has the driver do. */
export interface SearchHands {
  parts: SweepParts;
  /** Loads by level index; the search appends to it. */
  levels: number[];
  windows: readonly WindowRecord[];
  /** Runs one level: warm-up, then measurement until `until` says so. */
  measure(step: LevelStep, until: UntilMeasured): Promise<void>;
  /** Keeps a load for a warm-up without measuring it. */
  hold(step: LevelStep): Promise<void>;
  /** Tells how many levels are still to be expected. */
  expect(step: LevelStep): void;
}

type LevelAction = Extract<SearchAction, { kind: 'level' }>;

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
    const { via, mostSeconds } = standing.next;
    const step = stepOf(hands, standing.next);
    hands.expect(step);
    if (via !== null) await hands.hold(heldStep(hands, via, step));
    if (parts.signal.aborted) return;
    const deadline = runTime(parts) + left;
    await hands.measure(step, (startedAt) =>
      untilDecided(parts, startedAt, Math.min(mostSeconds, deadline - startedAt)),
    );
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

/** Measures until the level is decided, or its cap or `mostSeconds` have passed; at least the spec's least. */
async function untilDecided(parts: SweepParts, startedAt: number, mostSeconds: number): Promise<void> {
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
    if (elapsed >= least.seconds && isDone(parts, firstRecord, startedAt, now, longest)) return;
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

/** Decided, or not to be decided within `longest`. */
function isDone(parts: SweepParts, firstRecord: number, startedAt: number, now: number, longest: number): boolean {
  const asOf = lookedAt(now);
  const records = parts.recorder.records.slice(firstRecord);
  const evidence = levelEvidence(records, [{ from: startedAt, to: asOf }], parts.spec.slo, asOf);
  const decision = decideLevel(evidence, now - startedAt, leastSample(parts.spec));
  return decision.claim !== 'open' || isHopeless(decision, now - startedAt, longest);
}
