import { settled, type Visit } from './visits.js';

/** What spoilt a measurement may be over soon: an invalid level is measured so often in a row. */
export const TRIES_IN_A_ROW = 2;
/** And so often in all, where the search comes back to it. */
const TRIES_IN_ALL = 4;
/** An undecided level is measured so often, the second time where no other level would do. */
export const OPEN_TRIES = 2;

const timesFound = (visits: readonly Visit[], load: number, outcome: Visit['outcome']): number =>
  visits.filter((visit) => visit.load === load && visit.outcome === outcome && visit.role !== 'probe').length;

/** How often a load was measured, and not validly. */
export const spoilt = (visits: readonly Visit[], load: number): number => timesFound(visits, load, 'invalid');

/**
 * Whether a load is worth another visit although it was visited before: nothing is known of it yet, or it is undecided
 * after fewer than `openTries`.
 */
export function isWorthAnother(visits: readonly Visit[], load: number, openTries: number): boolean {
  const outcome = settled(visits).get(load)?.outcome;
  if (outcome === 'open') return timesFound(visits, load, 'open') < openTries;
  return outcome === 'invalid' && spoilt(visits, load) < TRIES_IN_ALL;
}

/** Whether a load has been visited, and is not worth another visit. */
export function isTaken(visits: readonly Visit[], openTries: number): (load: number) => boolean {
  const loads = visits.map(({ load }) => load).filter((load) => !isWorthAnother(visits, load, openTries));
  const taken = new Set(loads);
  return (load) => taken.has(load);
}
