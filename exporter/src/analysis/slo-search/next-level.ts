import { closingLoad } from './closing-load.js';
import { forecastLoad } from './crossing-load.js';
import { widestGap, type SearchLimits } from './search-limits.js';
import { isWorthAnother, OPEN_TRIES, spoilt, TRIES_IN_A_ROW } from './tries.js';
import { bracketOf, isDoubtful, settled, type Visit, type VisitRole } from './visits.js';

/** Why a search ended. */
export type SearchEnd =
  /** The boundary lies between a level that passes and one that fails, close enough. */
  | 'found'
  /** Even the highest permitted load passes. */
  | 'all_pass'
  /** Not even the lowest load passes. */
  | 'none_pass'
  /** No level is left whose measuring could close it: those between stayed open, or invalid. */
  | 'undecided'
  | 'max_levels'
  | 'max_duration';

/** A level to be measured next. */
export interface LevelAction {
  kind: 'level';
  role: Exclude<VisitRole, 'sweep'>;
  load: number;
  /** A failing load to hold first, so that the level is approached from above. */
  via: number | null;
  /** Longest measurement, besides the spec's own: a probe's is that of the visit it mirrors; else Infinity. */
  mostSeconds: number;
  /** Whether it is given up where it would take far longer than it may; false where no other level is left. */
  mayGiveUp: boolean;
}

export type SearchAction = LevelAction | { kind: 'end'; end: SearchEnd };

/** Levels in a row that go less far than doubling, before one doubles all the same. */
const MOST_FORECASTS = 2;
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
  if (last !== undefined && isDoubtful(last)) return level('retry', last.load);
  const bracket = bracketOf(visits);
  if (bracket.fail === null) return upwards(limits, visits);
  if (bracket.pass === null) return downwards(limits, visits, bracket.fail);
  const { pass, fail } = bracket;
  if (fail - pass <= widestGap(limits, pass) * (1 + 1e-9)) {
    return seenFromAbove(visits, pass) ? end('found') : probe(visits, pass, fail);
  }
  const load = closingLoad(limits, visits, { pass, fail });
  if (load === null) return end('undecided');
  return settled(visits).get(load)?.outcome === 'open' ? again(visits, load) : level('close-in', load);
}

const end = (why: SearchEnd): SearchAction => ({ kind: 'end', end: why });
const level = (role: LevelAction['role'], load: number): LevelAction => ({
  kind: 'level',
  role,
  load,
  via: null,
  mostSeconds: Infinity,
  mayGiveUp: true,
});

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
  return { ...level('probe', pass), via, mostSeconds: mirrored!.measuredSeconds };
}

function upwards(limits: SearchLimits, visits: readonly Visit[]): SearchAction {
  const { from, to } = limits;
  const loads = visits.map(({ load }) => load);
  const highest = Math.max(...loads);
  if (loads.length === 0 || highest < from) return level('double', from);
  if (highest >= to) return settled(visits).get(to)?.outcome === 'pass' ? end('all_pass') : onceMore(visits, to);
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
  if (lowest <= from) return onceMore(visits, from);
  const half = whole ? Math.floor(lowest / 2) : lowest / 2;
  return level('halve', Math.max(from, half));
}

/** The load measured again, where it is the last one that can tell something, and worth it. */
const onceMore = (visits: readonly Visit[], load: number): SearchAction =>
  isWorthAnother(visits, load, OPEN_TRIES) ? again(visits, load) : end('undecided');

/** A load once more; to the end, where it was undecided. */
const again = (visits: readonly Visit[], load: number): LevelAction => ({
  ...level('retry', load),
  mayGiveUp: settled(visits).get(load)!.outcome !== 'open',
});
