import type { Emit } from '../family.js';

/** Passes finite values on; one that is not known is left out: a missing figure is missing, never 0. */
export function knownOnly<Label extends string>(emit: Emit<number, Label>): Emit<number, Label> {
  return (value, labels) => {
    if (Number.isFinite(value)) emit(value, labels);
  };
}
