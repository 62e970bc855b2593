import { seededRandom, valueAt } from './bootstrap.js';
import { crossing, nonIncreasing } from './isotonic.js';
import { NORMAL_975 } from './student.js';
import type { SearchedBoundary, SloBoundary } from './run-analysis.js';
import type { SloReading } from './slo-reading.js';

const REPLICATES = 1000;
const SEED = 0x510;

/** Boundary over all objectives, and its name. */
export const ALL = 'all';

/**
 * Between which loads each objective stops being met, first `all` together, from readings of the valid levels (a list a
 * level, the same objectives in each) by ascending load. Empty without objectives. What a search has proven outweighs, for
 * `all`, what the levels were only seen to do.
 */
export function sloBoundaries(
  levels: readonly (readonly SloReading[])[],
  searched: SearchedBoundary | null = null,
): SloBoundary[] {
  const names = levels[0]?.map(({ slo }) => slo) ?? [];
  if (names.length === 0) return [];
  const each = names.map((_, index) => boundary(levels.map((readings) => readings[index]!)));
  const never = neverKnown(levels);
  const known = levels.map((readings) => readings.filter(({ slo }) => !never.includes(slo)));
  return [searched === null ? together(known, each) : proven(searched), ...each];
}

/** Objectives that no level tells anything about; they do not count for `all`. */
export function neverKnown(levels: readonly (readonly SloReading[])[]): string[] {
  const names = levels[0]?.map(({ slo }) => slo) ?? [];
  return names.filter((_, index) => levels.every((readings) => readings[index]!.pass === null));
}

/** One objective over ascending loads. */
function boundary(readings: readonly SloReading[]): SloBoundary {
  const edges = bracket(readings.map(({ load, pass }) => ({ load, pass })));
  return { slo: readings[0]!.slo, ...edges, ...estimated(readings, edges) };
}

/** The objectives together: the bracket of those levels that pass all, the estimate of the first objective to go. */
function together(levels: readonly (readonly SloReading[])[], each: readonly SloBoundary[]): SloBoundary {
  const edges = bracket(
    levels.map((readings) => ({ load: readings[0]?.load ?? NaN, pass: allPass(readings.map(({ pass }) => pass)) })),
  );
  if (edges.lastPass === null) return { slo: ALL, ...edges, estimate: NaN, lower: NaN, upper: NaN };
  const found = each.filter(({ estimate }) => Number.isFinite(estimate));
  const first = found.reduce<SloBoundary | null>((a, b) => (a === null || b.estimate < a.estimate ? b : a), null);
  const { estimate, lower, upper } = first ?? { estimate: NaN, lower: NaN, upper: NaN };
  return { slo: ALL, ...edges, estimate, lower, upper };
}

/** Each end is proven at 2.5 %: together they are a 95 % interval. */
function proven({ lastPass, firstFail, estimate }: SearchedBoundary): SloBoundary {
  return { slo: ALL, lastPass, firstFail, estimate, lower: lastPass ?? NaN, upper: firstFail ?? NaN };
}

/** false if any fails, true if all pass, else not known. */
export function allPass(passes: readonly (boolean | null)[]): boolean | null {
  if (passes.includes(false)) return false;
  return passes.includes(null) || passes.length === 0 ? null : true;
}

function bracket(
  levels: readonly { load: number; pass: boolean | null }[],
): Pick<SloBoundary, 'lastPass' | 'firstFail'> {
  const firstFail = levels.find(({ pass }) => pass === false)?.load ?? null;
  const below = levels.filter(({ load, pass }) => pass === true && (firstFail === null || load < firstFail));
  return { lastPass: below.at(-1)?.load ?? null, firstFail };
}

/** A height above 0 passes; drawn again within its interval. */
interface Height {
  load: number;
  value: number;
  draw: (normal: number) => number;
  weight: number;
}

function estimated(
  readings: readonly SloReading[],
  { lastPass, firstFail }: Pick<SloBoundary, 'lastPass' | 'firstFail'>,
): Pick<SloBoundary, 'estimate' | 'lower' | 'upper'> {
  const heights = heightsOf(readings);
  const loads = heights.map(({ load }) => load);
  const weights = heights.map(({ weight }) => weight);
  const place = (values: readonly number[]): number => crossing(loads, nonIncreasing(values, weights), 0);
  const found = heights.length < 2 || firstFail === null ? NaN : place(heights.map(({ value }) => value));
  const estimate = Number.isFinite(found) ? found : NaN;
  if (Number.isNaN(estimate)) return { estimate, lower: NaN, upper: NaN };
  const drawn = drawnPlaces(heights, place);
  // Between two levels the curve's shape is not known: the interval reaches from one to the other at least.
  return {
    estimate,
    lower: finite(Math.min(valueAt(drawn, 0.025), lastPass ?? estimate)),
    upper: finite(Math.max(valueAt(drawn, 0.975), firstFail ?? estimate)),
  };
}

/** Ascending places of the crossing when each level is drawn again within its interval. */
function drawnPlaces(heights: readonly Height[], place: (values: readonly number[]) => number): Float64Array {
  const normal = normals(SEED);
  return Float64Array.from({ length: REPLICATES }, () => place(heights.map(({ draw }) => draw(normal())))).sort();
}

function heightsOf(readings: readonly SloReading[]): Height[] {
  const byShare = readings.filter(
    ({ share, pass, required }) => pass !== null && required < 1 && Number.isFinite(share.upper - share.lower),
  );
  if (byShare.length >= 2) return byShare.map(shareHeight);
  return readings.filter(({ ofLimit, pass }) => pass !== null && ofLimit.value > 0).map(quantileHeight);
}

/** Log odds of the share over those required, drawn as normal with the counts that its interval stands for. */
function shareHeight({ load, share, required }: SloReading): Height {
  const n = sizeBehind(share);
  const good = share.value * n + 0.5;
  const bad = (1 - share.value) * n + 0.5;
  const value = Math.log(good / bad) - Math.log(required / (1 - required));
  const spread = Math.sqrt(1 / good + 1 / bad);
  return { load, value, draw: (normal) => value + normal * spread, weight: 1 / (spread * spread) };
}

/** −ln(quantile ÷ limit), drawn as normal with the width of its interval; without one it does not move. */
function quantileHeight({ load, ofLimit }: SloReading): Height {
  const value = -Math.log(ofLimit.value);
  const width = Math.log(ofLimit.upper / ofLimit.lower);
  const spread = Number.isFinite(width) ? width / (2 * NORMAL_975) : 0;
  return { load, value, draw: (normal) => value + normal * spread, weight: 1 };
}

/** The n of independent values for which Wilson's interval of this share is this wide. */
function sizeBehind({ value, lower, upper }: SloReading['share']): number {
  const width = Math.max(1e-9, upper - lower);
  const z2 = NORMAL_975 ** 2;
  let [low, high] = [1e-3, 1e9];
  while (high / low > 1.0001) {
    const n = Math.sqrt(low * high);
    const spread = Math.sqrt((value * (1 - value)) / n + z2 / (4 * n * n));
    if ((2 * NORMAL_975 * spread) / (1 + z2 / n) > width) low = n;
    else high = n;
  }
  return high;
}

/** Seeded standard normal numbers (Box and Muller 1958). */
function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}
