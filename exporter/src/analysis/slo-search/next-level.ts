import { crossingLoad, forecastLoad, type StrainPoint } from './crossing-load.js';

/** How close the search has to come: a share of the boundary, or loads. */
export type Tolerance = { kind: 'relative'; ratio: number } | { kind: 'absolute'; load: number };

/** What a search may do. */
export interface SearchLimits {
  from: number;
  to: number;
  tolerance: Tolerance;
  /** Levels measured, the mirrored probe not counted. */
  maxLevels: number;
  /** Seconds of search, after which no further level begins. */
  maxSeconds: number;
  /** Loads are users, so whole numbers; else rates. */
  whole: boolean;
}

/** `sweep`: measured before the search began. */
export type VisitRole = 'sweep' | 'double' | 'halve' | 'close-in' | 'retry' | 'probe';

/** One stretch of constant load that has been measured, and what it came to. */
export interface Visit extends StrainPoint {
  role: VisitRole;
  /** Whether the load was higher or lower just before. */
  approach: 'above' | 'below';
  /** `open`: not decided within its cap; `invalid`: not to be judged. */
  outcome: 'pass' | 'fail' | 'open' | 'invalid';
  measuredSeconds: number;
}

/** Why a search ended. */
export type SearchEnd =
  /** The boundary lies between a level that passes and one that fails, close enough. */
  | 'found'
  /** Even the highest permitted load passes. */
  | 'all_pass'
  /** Not even the lowest load passes. */
  | 'none_pass'
  /** No level is left whose measuring could close it: those between stayed open at their caps, or invalid. */
  | 'undecided'
  | 'max_levels'
  | 'max_duration';

export type SearchAction =
  /** `via`: a failing load to hold first, so that the level is approached from above. */
  | {
      kind: 'level';
      role: Exclude<VisitRole, 'sweep'>;
      load: number;
      via: number | null;
      /** Longest measurement, besides the spec's own: a probe's is that of the visit it mirrors; else Infinity. */
      mostSeconds: number;
    }
  | { kind: 'end'; end: SearchEnd };

/** Where the boundary is known to be. */
export interface Bracket {
  /** Highest load that passes below every failing one; null: none. */
  pass: number | null;
  /** Lowest load that fails; null: none. */
  fail: number | null;
}

/** What spoilt a measurement may be over soon: an invalid level is measured so often in a row. */
const TRIES_IN_A_ROW = 2;
/** And so often in all, where the search comes back to it. */
const TRIES_IN_ALL = 4;
/** Levels in a row that go less far than doubling, before one doubles all the same. */
const MOST_FORECASTS = 2;
/**
 * What each level costs however clear it is (its warm-up, its least sample), in what it takes besides to decide one that
 * is half a gap away from the boundary.
 */
const LEVEL_WORK = 2;
/** Rates are looked for on a grid of this many points a tolerance. */
const GRID = 8;

/** What is settled of each load visited: a failing probe outweighs the pass that it was to confirm. */
function settled(visits: readonly Visit[]): Map<number, Visit['outcome']> {
  const found = new Map<number, Visit['outcome']>();
  for (const { load, outcome, role } of visits) {
    if (role === 'probe' && outcome !== 'fail') continue;
    found.set(load, outcome);
  }
  return found;
}

/**
 * Whether a lower level, although not decided, was seen to miss an objective, by as many requests as the pass has behind
 * it: a server that misses it at a lower load does not meet it at a higher one, so the pass was a good moment.
 */
function isContradicted(visits: readonly Visit[], pass: number): boolean {
  const behind = Math.max(...visits.filter(({ load }) => load === pass).map(({ weight }) => weight));
  return visits.some(
    ({ load, outcome, strains, weight }) =>
      outcome === 'open' && load < pass && weight >= behind && strains.some((strain) => strain > 0),
  );
}

/** The bracket that the visits leave. */
export function bracketOf(visits: readonly Visit[]): Bracket {
  const outcomes = [...settled(visits)];
  const fails = outcomes.filter(([, outcome]) => outcome === 'fail').map(([load]) => load);
  const fail = fails.length === 0 ? null : Math.min(...fails);
  const passes = outcomes.filter(
    ([load, outcome]) => outcome === 'pass' && (fail === null || load < fail) && !isContradicted(visits, load),
  );
  return { pass: passes.length === 0 ? null : Math.max(...passes.map(([load]) => load)), fail };
}

/**
 * How far above a passing load the lowest failing one may be at the end: for whole loads one more than the tolerance,
 * since the true boundary lies at least one user below a failing load.
 */
export function widestGap({ tolerance, whole }: SearchLimits, pass: number): number {
  const loads = tolerance.kind === 'relative' ? tolerance.ratio * pass : tolerance.load;
  return whole ? Math.max(1, Math.floor(loads + 1e-9)) + 1 : loads;
}

/**
 * What to do next, from what was visited so far: double until a level fails, going less far where the levels make one
 * expect a failure before that; then close in on where the fitted curve meets the limit, with one level on either side of
 * it rather than at it, where nothing could be decided. A level that has only passed coming from a lower load is visited
 * once more from above, since a server may stay overloaded at a load that it bears when fresh. Pure: the same visits give
 * the same action, which is how a search is resumed. `elapsed`: seconds since the search began.
 */
export function nextAction(limits: SearchLimits, visits: readonly Visit[], elapsed: number): SearchAction {
  const wanted = nextWanted(limits, visits);
  if (wanted.kind === 'end') return wanted;
  if (elapsed >= limits.maxSeconds) return end('max_duration');
  const counted = visits.filter(({ role }) => role !== 'probe' && role !== 'sweep').length;
  if (wanted.role !== 'probe' && counted >= limits.maxLevels) return end('max_levels');
  return wanted;
}

function nextWanted(limits: SearchLimits, visits: readonly Visit[]): SearchAction {
  const last = visits.at(-1);
  if (last?.outcome === 'invalid' && last.role !== 'probe' && spoilt(visits, last.load) % TRIES_IN_A_ROW !== 0) {
    return level('retry', last.load);
  }
  const bracket = bracketOf(visits);
  if (bracket.fail === null) return upwards(limits, visits);
  if (bracket.pass === null) return downwards(limits, visits, bracket.fail);
  const { pass, fail } = bracket;
  if (fail - pass <= widestGap(limits, pass) * (1 + 1e-9)) {
    return seenFromAbove(visits, pass) ? end('found') : probe(visits, pass, fail);
  }
  const load = closeIn(limits, visits, pass, fail);
  return load === null ? end('undecided') : level('close-in', load);
}

const end = (why: SearchEnd): SearchAction => ({ kind: 'end', end: why });
const level = (role: Exclude<VisitRole, 'sweep'>, load: number): SearchAction => ({
  kind: 'level',
  role,
  load,
  via: null,
  mostSeconds: Infinity,
});

/** How often a load was measured, and not validly. */
const spoilt = (visits: readonly Visit[], load: number): number =>
  visits.filter((visit) => visit.load === load && visit.outcome === 'invalid' && visit.role !== 'probe').length;

/** Whether a load is worth another visit although it was visited before: nothing is known of it yet. */
const isWorthAnother = (visits: readonly Visit[], load: number): boolean =>
  settled(visits).get(load) === 'invalid' && spoilt(visits, load) < TRIES_IN_ALL;

/** Visited from above, as a probe (whatever it came to, if not a failure) or when it passed. */
const seenFromAbove = (visits: readonly Visit[], pass: number): boolean =>
  visits.some(
    ({ role, load, approach, outcome }) =>
      load === pass && (role === 'probe' || (approach === 'above' && outcome === 'pass')),
  );

function probe(visits: readonly Visit[], pass: number, fail: number): SearchAction {
  const via = visits.at(-1)!.load > pass ? null : fail;
  const mirrored = visits.findLast(
    ({ load, role, outcome }) => load === pass && role !== 'probe' && outcome === 'pass',
  );
  return { kind: 'level', role: 'probe', load: pass, via, mostSeconds: mirrored!.measuredSeconds };
}

function upwards(limits: SearchLimits, visits: readonly Visit[]): SearchAction {
  const { from, to } = limits;
  const loads = visits.map(({ load }) => load);
  const highest = Math.max(...loads);
  if (loads.length === 0 || highest < from) return level('double', from);
  if (highest >= to && isWorthAnother(visits, to)) return level('retry', to);
  if (highest >= to) return end(settled(visits).get(to) === 'pass' ? 'all_pass' : 'undecided');
  const double = Math.min(to, 2 * highest);
  const expected = forecastsInARow(visits) < MOST_FORECASTS ? expectedFailure(limits, visits) : Infinity;
  return expected < double ? level('close-in', expected) : level('double', double);
}

const forecastsInARow = (visits: readonly Visit[]): number =>
  visits.length - 1 - visits.findLastIndex(({ role }) => role !== 'close-in');

/** A load that should fail, half a gap beyond where latency would reach its limit. */
function expectedFailure(limits: SearchLimits, visits: readonly Visit[]): number {
  const forecast = forecastLoad(visits.filter(({ outcome }) => outcome === 'pass' || outcome === 'open'));
  if (!Number.isFinite(forecast)) return Infinity;
  const beyond = forecast + widestGap(limits, forecast) / 2;
  return limits.whole ? Math.ceil(beyond) : Number(beyond.toPrecision(6));
}

function downwards({ from, whole }: SearchLimits, visits: readonly Visit[], fail: number): SearchAction {
  if (fail <= from) return end('none_pass');
  const lowest = Math.min(...visits.map(({ load }) => load));
  if (lowest <= from) return isWorthAnother(visits, from) ? level('retry', from) : end('undecided');
  const half = whole ? Math.floor(lowest / 2) : lowest / 2;
  return level('halve', Math.max(from, half));
}

/** The next load between a passing and a failing one; null when no level left could bring them close enough. */
function closeIn(limits: SearchLimits, visits: readonly Visit[], pass: number, fail: number): number | null {
  const guess = crossingLoad(visits.filter(({ role, outcome }) => role !== 'probe' && outcome !== 'invalid'));
  const fitted = guess > pass && guess < fail ? guess : NaN;
  const middle = Math.sqrt(pass * fail);
  const target = Number.isNaN(fitted) || stalls(visits) ? middle : fitted;
  return (
    cheapestPair(limits, visits, { pass, fail, target }) ?? cheapestPair(limits, visits, { pass, fail, target: middle })
  );
}

interface Closing {
  pass: number;
  fail: number;
  /** Where the boundary is thought to be. */
  target: number;
}

/**
 * Of all pairs of loads that would end the search, one to pass below the target and one to fail above it, close enough
 * together, the pair that is the least work: beside what each level costs, deciding it takes the more, by the inverse
 * square, the nearer it is to the boundary; what is decided already costs nothing, and what was invalid the more, the more
 * often it was. Returns the pair's lower new load.
 */
function cheapestPair(limits: SearchLimits, visits: readonly Visit[], { pass, fail, target }: Closing): number | null {
  const taken = new Set(visits.map(({ load }) => load).filter((load) => !isWorthAnother(visits, load)));
  const free = candidates(limits, pass, fail, target).filter((load) => !taken.has(load));
  const halfGap = widestGap(limits, target) / 2;
  const work = (load: number): number =>
    load === pass || load === fail ? 0 : LEVEL_WORK * (1 + spoilt(visits, load)) + (halfGap / (load - target)) ** 2;
  let best: { work: number; load: number } | null = null;
  for (const low of [pass, ...free.filter((load) => load < target)]) {
    for (const high of [...free.filter((load) => load > target), fail]) {
      if (high - low > widestGap(limits, low) * (1 + 1e-9) || (low === pass && high === fail)) continue;
      const total = work(low) + work(high);
      if (best === null || total < best.work) best = { work: total, load: low === pass ? high : low };
    }
  }
  return best?.load ?? null;
}

/** Loads strictly between pass and fail, within a gap of the target. */
function candidates(limits: SearchLimits, pass: number, fail: number, target: number): number[] {
  const gap = widestGap(limits, target);
  const step = limits.whole ? 1 : gap / GRID;
  const first = limits.whole ? Math.max(pass + 1, Math.ceil(target - gap)) : Math.max(pass + step, target - gap);
  const found: number[] = [];
  for (let load = first; load < fail && load <= target + gap; load += step) {
    found.push(limits.whole ? load : Number(load.toPrecision(6)));
  }
  return found.filter((load) => load > pass && load < fail);
}

/** Whether the bracket has not halved within the last two levels that were to close it. */
function stalls(visits: readonly Visit[]): boolean {
  const widths: number[] = [];
  visits.forEach((_, index) => {
    const { pass, fail } = bracketOf(visits.slice(0, index + 1));
    if (pass !== null && fail !== null) widths.push(fail - pass);
  });
  return widths.length > 2 && widths.at(-1)! > widths.at(-3)! / 2;
}
