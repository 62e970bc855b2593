/** Middle of several repetitions, with their whole range. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** null: no repetition has the figure. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return null;
  known.sort((a, b) => a - b);
  const middle = (known.length - 1) / 2;
  const median = (known[Math.floor(middle)]! + known[Math.ceil(middle)]!) / 2;
  return { median, least: known[0]!, most: known.at(-1)! };
}
