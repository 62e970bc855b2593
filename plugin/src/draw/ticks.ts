/** Round numbers from `low` to `high`, at most about `most`. */
export function linearTicks(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span) || most < 1) return [];
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten, with 2 and 5 between them where there is room. */
export function logTicks(low: number, high: number, most: number): number[] {
  if (!(low > 0) || !(high > low) || !Number.isFinite(high)) return [];
  const candidates = [[1, 2, 5], [1, 3], [1]].map((factors) => decades(low, high, factors));
  const fitting = candidates.find((ticks) => ticks.length <= Math.max(most, 2)) ?? candidates.at(-1)!;
  const every = Math.ceil(fitting.length / Math.max(most, 2));
  return fitting.filter((_, i) => i % every === 0);
}

function decades(low: number, high: number, factors: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(12));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/** Those of the values (rising) whose labels of `labelPx` do not run into each other; the first and last first. */
export function thinnedTicks(values: readonly number[], toPx: (value: number) => number, labelPx: number): number[] {
  const kept: number[] = [];
  let free = -Infinity;
  for (const value of values) {
    const px = toPx(value);
    if (px - free < labelPx) continue;
    kept.push(value);
    free = px;
  }
  return kept;
}
