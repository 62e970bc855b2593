import type { PlottedSeries } from './model.js';

/** Columns for uPlot: times, then one column a series; undefined where a series has no sample at that time, null: a gap. */
export type Columns = [times: readonly number[], ...values: readonly (readonly (number | null | undefined)[])[]];

/** A pause this many times longer than the usual one is a gap in the line. */
const GAP_STEPS = 4;

/** Joins series on their times. Series with the same times (as queries with one step have) are not copied. */
export function alignSeries(series: readonly Pick<PlottedSeries, 'times' | 'values'>[]): Columns {
  const first = series[0];
  if (first === undefined) return [[]];
  if (series.every(({ times }) => sameTimes(times, first.times)) && isUnbroken(first.times)) {
    return [first.times, ...series.map(({ values }) => values)];
  }
  const all = new Set<number>();
  for (const { times } of series) {
    for (const time of times) if (!Number.isNaN(time)) all.add(time);
    for (const pause of pauses(times)) all.add(pause);
  }
  const times = Float64Array.from(all).sort();
  const row = new Map<number, number>();
  times.forEach((time, index) => row.set(time, index));
  return [Array.from(times), ...series.map((one) => column(one, row))];
}

function column(
  { times, values }: Pick<PlottedSeries, 'times' | 'values'>,
  row: ReadonlyMap<number, number>,
): (number | null | undefined)[] {
  const cells = new Array<number | null | undefined>(row.size).fill(undefined);
  times.forEach((time, i) => {
    const index = row.get(time);
    if (index !== undefined) cells[index] = values[i] ?? null;
  });
  for (const pause of pauses(times)) cells[row.get(pause)!] = null;
  return cells;
}

function sameTimes(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Rising, without two equal times and without a gap. */
function isUnbroken(times: readonly number[]): boolean {
  const longest = longestStep(times);
  for (let i = 1; i < times.length; i++) {
    const step = times[i]! - times[i - 1]!;
    if (!(step > 0 && step <= longest)) return false;
  }
  return true;
}

/** A longer step is a gap. */
function longestStep(times: readonly number[]): number {
  return usualStep(times) * GAP_STEPS;
}

function usualStep(times: readonly number[]): number {
  const steps: number[] = [];
  for (let i = 1; i < Math.min(times.length, 200); i++) steps.push(times[i]! - times[i - 1]!);
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? Infinity;
}

/** Times just after the last sample before a pause, where the line has to end. */
function pauses(times: readonly number[]): number[] {
  const longest = longestStep(times);
  const found: number[] = [];
  for (let i = 1; i < times.length; i++) if (times[i]! - times[i - 1]! > longest) found.push(times[i - 1]! + 1);
  return found;
}
