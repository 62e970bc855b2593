import { compareTexts, lastValue, type InputSeries } from './series.js';

/** A value with the time at which it was seen. */
export interface Seen<T> {
  timeMs: number;
  value: T;
}

/** The later one; of equally late ones that which `prefer` (a number) puts higher, so that order never decides. */
export function later<T>(a: Seen<T> | undefined, b: Seen<T>, prefer: (value: T) => number): Seen<T> {
  if (a === undefined) return b;
  const timeA = Number.isNaN(a.timeMs) ? -Infinity : a.timeMs;
  const timeB = Number.isNaN(b.timeMs) ? -Infinity : b.timeMs;
  if (timeA !== timeB) return timeA > timeB ? a : b;
  return prefer(a.value) >= prefer(b.value) ? a : b;
}

/** The newest value of each group of series; series that `key` gives null for are left out. */
export function newestBy(
  series: readonly InputSeries[],
  key: (series: InputSeries) => string | null,
): Map<string, number> {
  const found = new Map<string, Seen<number>>();
  for (const one of series) {
    const group = key(one);
    const last = group === null ? null : lastValue(one);
    if (group === null || last === null) continue;
    found.set(
      group,
      later(found.get(group), last, (value) => value),
    );
  }
  const groups = [...found].sort(([a], [b]) => compareTexts(a, b));
  return new Map(groups.map(([group, { value }]) => [group, value]));
}

/** Whether several series tell different values for the same at the same time. */
export function contradict(series: readonly InputSeries[], key: (series: InputSeries) => string | null): boolean {
  const found = new Map<string, Seen<number>>();
  for (const one of series) {
    const group = key(one);
    const last = group === null ? null : lastValue(one);
    if (group === null || last === null) continue;
    const other = found.get(group);
    if (other !== undefined && Object.is(other.timeMs, last.timeMs) && other.value !== last.value) return true;
    found.set(
      group,
      later(other, last, (value) => value),
    );
  }
  return false;
}

/** The series whose newest sample is the latest; of several the one that `prefer` puts highest, then by its labels. */
export function newestSeries(
  series: readonly InputSeries[],
  prefer: (series: InputSeries) => number = () => 0,
): InputSeries | undefined {
  let best: Seen<InputSeries> | undefined;
  for (const one of series) {
    const last = lastValue(one);
    if (last !== null) best = later(best, { timeMs: last.timeMs, value: one }, prefer);
  }
  return best?.value;
}
