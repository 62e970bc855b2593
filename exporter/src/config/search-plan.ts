import type { LoadSpec } from './spec.js';

/** Visits of a level by a search, retries and a probe, that texts are laid out for; more, which is rare, repeat a dataset's. */
export const MOST_VISITS = 3;
/** Levels that it takes to close in on a boundary once one level passed and one failed. */
const CLOSING_LEVELS = 4;
/** Of those, the levels near the boundary, which take about half their longest measurement. */
const HARD_LEVELS = 2;
/** A warm-up that does not get steady ends after this many times its minimum; most end long before. */
const WARMUP = { usual: 1.5, most: 5 };

/** Seconds and levels that a search takes: at least, as is to be expected, and at most. */
export interface SearchPlan {
  levels: { least: number; expected: number; most: number };
  seconds: { least: number; expected: number; most: number };
}

/** Highest load that a run may offer. */
export function highestLoad({ levels, search }: LoadSpec): number {
  return Math.max(...levels, ...(search === null ? [] : [search.to]));
}

/** The load of each level that a run may have, by index; where a search is yet to choose it, the highest permitted. */
export function possibleLoads({ levels, search }: LoadSpec): number[] {
  return search === null ? [...levels] : [...levels, ...Array<number>(search.maxLevels).fill(search.to)];
}

/**
 * What a search is expected to take: the boundary is assumed halfway (by ratio) between the lowest and highest load,
 * the levels far from it to be decided at once, those next to it within half their longest measurement. Null where none
 * is asked for.
 */
export function searchPlan({ search, warmupSeconds, measure }: LoadSpec): SearchPlan | null {
  if (search === null || measure.kind !== 'duration') return null;
  const doublings = search.refines > 0 ? 0 : Math.ceil(Math.log2(search.to / search.from) / 2) + 1;
  const expected = Math.min(search.maxLevels, doublings + CLOSING_LEVELS);
  const quick = WARMUP.usual * warmupSeconds + measure.seconds;
  const hard = Math.max(0, measure.maxSeconds / 2 - measure.seconds);
  const slow = WARMUP.most * warmupSeconds + measure.maxSeconds;
  const most = Math.min((search.maxLevels + 1) * slow, search.maxSeconds + slow);
  return {
    levels: { least: 1, expected, most: search.maxLevels },
    seconds: {
      least: search.refines > 0 ? 0 : warmupSeconds + measure.seconds,
      expected: Math.min(most, expected * quick + Math.min(HARD_LEVELS, expected) * hard),
      most,
    },
  };
}
