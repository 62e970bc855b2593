import { crossingLoad, type StrainPoint } from './crossing-load.js';

/** `sweep`: measured before the search began. */
export type VisitRole = 'sweep' | 'double' | 'halve' | 'close-in' | 'retry' | 'probe';

/** One stretch of constant load that has been measured, and what it came to. */
export interface Visit extends StrainPoint {
  role: VisitRole;
  /** Whether the load that was another just before was a higher or a lower one. */
  approach: 'above' | 'below';
  /** `open`: not decided within its cap; `invalid`: not to be judged. */
  outcome: 'pass' | 'fail' | 'open' | 'invalid';
  measuredSeconds: number;
}

/** Where the boundary is known to be. */
export interface Bracket {
  /** Highest load that passes below every failing one; null: none. */
  pass: number | null;
  /** Lowest load that fails; null: none. */
  fail: number | null;
}

/** How a load is approached when `from` is held before it, by a visit that follows on the others. */
export function approachTo(load: number, from: number, visits: readonly Visit[]): Visit['approach'] {
  if (from === load) return visits.at(-1)?.approach ?? 'below';
  return from > load ? 'above' : 'below';
}

const seenToMiss = ({ strains }: Visit): boolean => strains.some((strain) => strain > 0);

/** A probe that proves nothing, but does not look like the pass that it was to confirm. */
export const isDoubtful = (visit: Visit): boolean =>
  visit.role === 'probe' && visit.outcome === 'open' && seenToMiss(visit);

/**
 * The visit that settles each load: its last one. A probe only where it does not confirm the pass that it mirrors: where
 * it fails, or is undecided and was seen to miss an objective.
 */
export function settled(visits: readonly Visit[]): Map<number, Visit> {
  const found = new Map<number, Visit>();
  for (const visit of visits) {
    const isConfirmed = visit.role === 'probe' && visit.outcome !== 'fail' && !isDoubtful(visit);
    if (!isConfirmed) found.set(visit.load, visit);
  }
  return found;
}

/** Where the fitted curve meets the limit, by the visits that settle their loads; NaN where it cannot be said. */
export function fittedBoundary(visits: readonly Visit[]): number {
  return crossingLoad([...settled(visits).values()].filter(({ outcome }) => outcome !== 'invalid'));
}

/**
 * Whether a lower level, although not decided, was seen to miss an objective, by as many requests as the pass has behind
 * it: a server that misses it at a lower load does not meet it at a higher one, so the pass was a good moment.
 */
function isContradicted(visits: readonly Visit[], pass: number): boolean {
  const behind = Math.max(...visits.filter(({ load }) => load === pass).map(({ weight }) => weight));
  return visits.some(
    (visit) => visit.outcome === 'open' && visit.load < pass && visit.weight >= behind && seenToMiss(visit),
  );
}

/** The bracket that the visits leave. */
export function bracketOf(visits: readonly Visit[]): Bracket {
  const all = [...settled(visits).values()];
  const fails = all.filter(({ outcome }) => outcome === 'fail').map(({ load }) => load);
  const fail = fails.length === 0 ? null : Math.min(...fails);
  const passes = all.filter(
    ({ load, outcome }) => outcome === 'pass' && (fail === null || load < fail) && !isContradicted(visits, load),
  );
  return { pass: passes.length === 0 ? null : Math.max(...passes.map(({ load }) => load)), fail };
}
