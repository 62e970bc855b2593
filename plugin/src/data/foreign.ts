import type { RawLevel } from './levels.js';
import type { Objective, Problem, Stat, SweepRun } from './model.js';
import type { LatencyMeasure } from './roles.js';
import { windowsFromLevelSamples } from './sampled-windows.js';
import type { InputSeries } from './series.js';

/** How to read data that is not Sweepscope's. */
export interface ForeignSettings {
  /** Name of the field that holds the level. */
  levelField: string;
  /** Limits by hand. */
  objectives: readonly Objective[];
}

/** A run before its levels are judged. */
export type ForeignRun = Omit<SweepRun, 'levels' | 'lastPass' | 'firstFail'> & { levels: readonly RawLevel[] };

/**
 * A run from series of which one holds the level: windows are its steps. A level's figures are median and p95 of the
 * samples that were seen at it (not of requests: those are not there). Series without a role count as latency.
 */
export function foreignRun(
  series: readonly InputSeries[],
  settings: ForeignSettings,
  problems: Problem[],
): ForeignRun | null {
  const level = series.find(
    ({ name, role }) => name === settings.levelField || (settings.levelField === '' && role.kind === 'level'),
  );
  if (level === undefined) {
    if (settings.levelField !== '') problems.push({ code: 'unknown-level-field', detail: settings.levelField });
    return null;
  }
  if (level.values.every((value) => value === null)) return null;
  const rest = series.filter((one) => one !== level && one.role.kind === 'plotted');
  const windows = level.times.some((time) => !Number.isNaN(time)) ? windowsFromLevelSamples(level) : [];
  return {
    key: 'foreign',
    id: '',
    name: '',
    model: '',
    mode: '',
    loadUnit: '',
    state: 'unknown',
    startMs: windows[0]?.startMs ?? NaN,
    endMs: NaN,
    windows,
    levels: levelsOf(level, rest),
    objectives: settings.objectives,
    knee: NaN,
    snapshots: 0,
    live: null,
  };
}

function levelsOf(level: InputSeries, rest: readonly InputSeries[]): RawLevel[] {
  const loads = [...new Set(level.values)]
    .filter((load): load is number => load !== null && load > 0)
    .sort((a, b) => a - b);
  return loads.map((load) => {
    const quantiles: RawLevel['quantiles'] = {};
    for (const one of rest) {
      const measure = measureOf(one);
      if (measure !== null) quantiles[measure] = { ...quantiles[measure], ...statsAt(level, load, one) };
    }
    return {
      load,
      verdict: 'unknown' as const,
      cause: '',
      reason: '',
      quantiles,
      figures: {
        requestsPerSecond: medianOf(level, load, rest, 'requests'),
        outputTokensPerSecond: medianOf(level, load, rest, 'tokens'),
        errorRatio: NaN,
        samples: NaN,
        kvHitRatio: NaN,
      },
      sloShares: {},
    };
  });
}

function measureOf({ role }: InputSeries): LatencyMeasure | null {
  if (role.kind !== 'plotted') return null;
  if (role.measure === 'other') return 'latency';
  return role.measure === 'ttft' || role.measure === 'tpot' || role.measure === 'itl' || role.measure === 'latency'
    ? role.measure
    : null;
}

function statsAt(level: InputSeries, load: number, series: InputSeries): Record<string, Stat> {
  const samples = samplesAt(level, load, series);
  if (samples.length === 0) return {};
  const stat = (p: number): Stat => ({ point: quantile(samples, p), lower: NaN, upper: NaN });
  const { role } = series;
  if (role.kind === 'plotted' && role.q !== null) return { [role.q]: stat(0.5) };
  return { p50: stat(0.5), p95: stat(0.95) };
}

function medianOf(
  level: InputSeries,
  load: number,
  rest: readonly InputSeries[],
  measure: 'requests' | 'tokens',
): number {
  const one = rest.find(({ role }) => role.kind === 'plotted' && role.measure === measure);
  const samples = one === undefined ? [] : samplesAt(level, load, one);
  return samples.length === 0 ? NaN : quantile(samples, 0.5);
}

/** Values of a series while the level was `load`; row by row where the two have no times. Sorted. */
function samplesAt(level: InputSeries, load: number, series: InputSeries): number[] {
  const samples: number[] = [];
  const timed = !Number.isNaN(level.times[0] ?? NaN) && !Number.isNaN(series.times[0] ?? NaN);
  let at = -1;
  series.values.forEach((value, row) => {
    if (timed) while (at + 1 < level.times.length && level.times[at + 1]! <= series.times[row]!) at++;
    else at = row;
    if (value !== null && level.values[at] === load) samples.push(value);
  });
  return samples.sort((a, b) => a - b);
}

/** By linear interpolation (Hyndman and Fan, type 7). */
function quantile(sorted: readonly number[], p: number): number {
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** The series that are drawn beside a foreign run: without the level, and what has no role as latency. */
export function foreignSeries(series: readonly InputSeries[], { levelField }: ForeignSettings): InputSeries[] {
  return series
    .filter(({ name }) => name !== levelField)
    .map((one) => {
      if (one.role.kind !== 'plotted' || one.role.measure !== 'other') return one;
      const labels = { ...one.labels, series: one.name };
      return { ...one, labels, role: { ...one.role, measure: 'latency' as const, q: null } };
    });
}
