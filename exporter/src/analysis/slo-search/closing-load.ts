import { widestGap, type SearchLimits } from './search-limits.js';
import { isTaken, OPEN_TRIES, spoilt } from './tries.js';
import { bracketOf, fittedBoundary, type Visit } from './visits.js';

/**
 * What each level costs however clear it is (its warm-up, its least sample), in what it takes besides to decide one that
 * is half a gap away from the boundary.
 */
const LEVEL_WORK = 2;
/** Rates are looked for on a grid of this many points a tolerance. */
const GRID = 8;

/** A passing and a failing load that are to be brought closer. */
export interface Gap {
  pass: number;
  fail: number;
}

/**
 * The next load between a passing and a failing one: towards where the curve meets the limit; where levels there stayed
 * undecided, and no others would do, one of these again; else towards the middle. Null when no level left could bring the
 * two close enough.
 */
export function closingLoad(limits: SearchLimits, visits: readonly Visit[], gap: Gap): number | null {
  const guess = fittedBoundary(visits);
  const fitted = guess > gap.pass && guess < gap.fail ? guess : NaN;
  const middle = Math.sqrt(gap.pass * gap.fail);
  const target = Number.isNaN(fitted) || stalls(visits) ? middle : fitted;
  const costOf = (load: number): number => LEVEL_WORK * (1 + spoilt(visits, load));
  const towards = (target: number, openTries: number): number | null =>
    cheapestPair(limits, gap, { target, isTaken: isTaken(visits, openTries), costOf });
  return towards(target, 1) ?? towards(target, OPEN_TRIES) ?? towards(middle, 1) ?? towards(middle, OPEN_TRIES);
}

interface Closing {
  /** Where the boundary is thought to be. */
  target: number;
  isTaken: (load: number) => boolean;
  /** What a level costs however clear it is. */
  costOf: (load: number) => number;
}

/**
 * Of all pairs of loads that would end the search, one to pass below the target and one to fail above it, close enough
 * together, the pair that is the least work: beside what each level costs, deciding it takes the more, by the inverse
 * square, the nearer it is to the boundary; what is decided already costs nothing, and what was invalid the more, the more
 * often it was. Returns the pair's lower new load.
 */
function cheapestPair(limits: SearchLimits, { pass, fail }: Gap, { target, isTaken, costOf }: Closing): number | null {
  const free = candidates(limits, pass, fail, target).filter((load) => !isTaken(load));
  const halfGap = widestGap(limits, target) / 2;
  const work = (load: number): number =>
    load === pass || load === fail ? 0 : costOf(load) + (halfGap / (load - target)) ** 2;
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

/**
 * Whether the bracket has not halved within the last two levels that decided something; one that was reopened begins
 * anew. A level that stays undecided speaks for the fit: it lies where that says the boundary is.
 */
function stalls(visits: readonly Visit[]): boolean {
  let widths: number[] = [];
  visits.forEach(({ outcome }, index) => {
    const { pass, fail } = bracketOf(visits.slice(0, index + 1));
    if (pass === null || fail === null || outcome === 'open') return;
    if (fail - pass > (widths.at(-1) ?? Infinity)) widths = [];
    widths.push(fail - pass);
  });
  return widths.length > 2 && widths.at(-1)! > widths.at(-3)! / 2;
}
