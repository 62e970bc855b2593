import type { SweepSpec } from '../../config/spec.js';
import type { RequestRecord, WindowRecord } from '../../measure/records.js';
import { usableWindows } from '../level.js';
import { measuredSpan } from '../window-cut.js';
import { decideLevel, type LeastSample, type LevelClaim } from './level-decision.js';
import { levelEvidence } from './level-evidence.js';
import { nextAction, type SearchAction } from './next-level.js';
import type { SearchLimits } from './search-limits.js';
import { approachTo, bracketOf, fittedBoundary, type Bracket, type Visit } from './visits.js';

/** One level of a search as it was measured and decided. */
export interface SearchStep extends Visit {
  /** Ids of the windows it is decided by. */
  windows: string[];
  /** Index into the run's levels. */
  level: number;
  decision: LevelClaim;
  /** Why it is invalid, in words; empty otherwise. */
  reason: string;
  /** With its warm-up. */
  seconds: number;
}

/** A search as far as it has come. */
export interface SearchStanding {
  steps: SearchStep[];
  bracket: Bracket;
  /** Where the fitted curve meets the limit, between the bracket's loads; NaN where it cannot be said. */
  estimate: number;
  next: SearchAction;
  /** Seconds from the first search level's start to the last one's end. */
  elapsed: number;
}

/** What a search needs to know of its spec. @throws RangeError when the spec asks for none */
export function searchLimits({ load }: SweepSpec): SearchLimits {
  if (load.search === null) throw new RangeError('the spec asks for no search');
  const { from, to, tolerance, maxLevels, maxSeconds } = load.search;
  return { from, to, tolerance, maxLevels, maxSeconds, whole: load.arrival === 'closed' };
}

/**
 * The moment whose evidence a look at `now` goes by, seconds since the run began: the last whole second but a quarter, by
 * when all of its events are known. A window that ends within the same second is judged by the same evidence.
 */
export function lookedAt(now: number): number {
  return Math.floor(now - 0.25 + 1e-6);
}

/** The least that a level of the search is measured: what the spec says of a measurement. */
export function leastSample({ load: { measure } }: SweepSpec): LeastSample {
  return measure.kind === 'duration'
    ? { seconds: measure.seconds, samples: measure.minSamples }
    : { seconds: 0, samples: measure.requests };
}

/**
 * Where a search stands, from the windows that are complete (in the order they were run) and the records: each window is
 * judged by what was known at its end, so that a resumed run and a report see the search as it went. Windows of
 * the sweep that it refines come in as one visit a level. Pure.
 */
export function replaySearch(
  spec: SweepSpec,
  windows: readonly WindowRecord[],
  records: readonly RequestRecord[],
): SearchStanding {
  const limits = searchLimits(spec);
  const isSwept = ({ level, repetition }: WindowRecord): boolean =>
    level < spec.load.search!.refines && repetition <= spec.load.repetitions;
  const steps = sweptSteps(spec, windows.filter(isSwept), records);
  const own = windows.filter((window) => !isSwept(window));
  const startedAt = own[0]?.startedAt ?? NaN;
  let before = windows.filter(isSwept).at(-1)?.load ?? 0;
  let elapsed = 0;
  for (const window of own) {
    const action = nextAction(limits, steps, elapsed);
    const role = action.kind === 'level' ? action.role : 'retry';
    const from = action.kind === 'level' && action.via !== null ? action.via : before;
    steps.push(step(spec, [window], records, role, approachTo(window.load, from, steps)));
    before = window.load;
    elapsed = window.endedAt - startedAt;
  }
  const bracket = bracketOf(steps);
  return { steps, bracket, estimate: estimateOf(steps, bracket), next: nextAction(limits, steps, elapsed), elapsed };
}

/** Where a run's search stands; null where its spec asks for none. */
export function searchStanding(
  spec: SweepSpec,
  windows: readonly WindowRecord[],
  records: readonly RequestRecord[],
): SearchStanding | null {
  return spec.load.search === null ? null : replaySearch(spec, windows, records);
}

/** One visit a level of the sweep before, all its usable windows together. */
function sweptSteps(spec: SweepSpec, swept: readonly WindowRecord[], records: readonly RequestRecord[]): SearchStep[] {
  const levels = [...new Set(swept.map(({ level }) => level))];
  const found = levels.map((level) => {
    const windows = usableWindows(swept.filter((window) => window.level === level));
    return step(spec, windows, records, 'sweep', 'below');
  });
  return found.toSorted((a, b) => a.load - b.load);
}

function step(
  spec: SweepSpec,
  windows: readonly WindowRecord[],
  records: readonly RequestRecord[],
  role: Visit['role'],
  approach: Visit['approach'],
): SearchStep {
  const last = windows.at(-1)!;
  const asOf = lookedAt(last.measureEndedAt);
  const spans = windows.map(measuredSpan).map(({ from, to }) => ({ from, to: Math.min(to, asOf) }));
  const evidence = levelEvidence(records, spans, spec.slo, asOf);
  const measuredSeconds = windows.reduce((sum, window) => sum + window.measureEndedAt - window.measureStartedAt, 0);
  const decision = decideLevel(evidence, measuredSeconds, leastSample(spec));
  const reason = whyInvalid(spec, windows, decision);
  return {
    load: last.load,
    weight: Math.max(1, evidence.samples),
    strains: evidence.objectives.map(({ strain }) => strain),
    role,
    approach,
    outcome: reason === '' ? decision.claim : 'invalid',
    windows: windows.map(({ id }) => id),
    level: last.level,
    decision,
    reason,
    measuredSeconds,
    seconds: windows.reduce((sum, window) => sum + window.endedAt - window.startedAt, 0),
  };
}

/** A failed gate spoils any claim; a warm-up that never got steady only a pass, since it may have gone on rising. */
function whyInvalid(spec: SweepSpec, windows: readonly WindowRecord[], { claim }: LevelClaim): string {
  const gates = windows.flatMap(({ invalidReasons }) => invalidReasons);
  if (gates.length > 0) return `gates failed: ${[...new Set(gates)].join(', ')}`;
  const unsteady = spec.load.warmupSeconds > 0 && windows.some(({ warmup }) => !warmup.steady);
  return unsteady && claim === 'pass' ? 'passed, but was not steady when its warm-up ended' : '';
}

function estimateOf(steps: readonly SearchStep[], { pass, fail }: Bracket): number {
  if (pass === null || fail === null) return NaN;
  const guess = fittedBoundary(steps);
  return Number.isNaN(guess) ? NaN : Math.min(fail, Math.max(pass, guess));
}
