import type { PassRule } from './bank-search.js';
import type { CaseTally, FixedTally } from './tally.js';

/** The shortest fixed length that is as precise as is asked for; the longest, where none is: it would take even more. */
export function asPrecise({ fixed }: CaseTally, rule: PassRule): FixedTally {
  const tried = fixed.filter((tally) => tally.rule === rule);
  return tried.find(({ hits, falsePasses }) => hits >= 0.95 && falsePasses <= 0.05) ?? tried.at(-1)!;
}
