import type { CaseTally, Tally } from './tally.js';

/** The shortest fixed length that is as precise as is asked for; the longest, where none is: it would take even more. */
export function asPrecise({ fixed }: CaseTally): Tally & { levelSeconds: number } {
  return fixed.find(({ hits, falsePasses }) => hits >= 0.95 && falsePasses <= 0.05) ?? fixed.at(-1)!;
}
