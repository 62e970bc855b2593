import type { SweepWindow } from './model.js';
import type { InputSeries } from './series.js';

/**
 * Windows from the steps of a level that was sampled, for data that tells no edges: good to one step of the query.
 * A level of 0 is no load. `isWarmup` says for a time whether the phase was warm-up, where a phase is known.
 */
export function windowsFromLevelSamples(
  { times, values }: Pick<InputSeries, 'times' | 'values'>,
  isWarmup: ((timeMs: number) => boolean) | null = null,
): SweepWindow[] {
  const windows: SweepWindow[] = [];
  let open: SweepWindow | null = null;
  times.forEach((time, row) => {
    const load = values[row] ?? null;
    if (Number.isNaN(time)) return;
    if (open !== null && load !== open.load) {
      open.endMs = time;
      open.measureEndMs = time;
      open = null;
    }
    if (open === null && load !== null && load > 0) {
      open = begin(load, time, windows);
      windows.push(open);
    }
    if (open !== null && Number.isNaN(open.measureStartMs) && isWarmup?.(time) !== true) open.measureStartMs = time;
  });
  return windows;
}

function begin(load: number, startMs: number, earlier: readonly SweepWindow[]): SweepWindow {
  const repetition = earlier.filter((window) => window.load === load).length + 1;
  return {
    id: `sampled-${earlier.length + 1}`,
    load,
    repetition,
    startMs,
    measureStartMs: NaN,
    measureEndMs: NaN,
    endMs: NaN,
    verdict: 'unknown',
    cause: '',
    reason: '',
  };
}
