import type { DataFrame } from '@grafana/data';
import { DEFAULT_VERDICT_LIMITS, judgeLevels, sloBoundary, type VerdictLimits } from './classify.js';
import { foreignRun, foreignSeries, type ForeignSettings } from './foreign.js';
import type { Problem, SweepModel } from './model.js';
import { plottedSeries } from './plotted.js';
import { byStart, readRun } from './runs.js';
import { groupByRun } from './scope.js';
import { lastValue, readFrames, type InputSeries } from './series.js';

export interface ModelSettings {
  /** Roles by refId, as the panel's options have them. */
  refIdRoles?: Readonly<Record<string, string>>;
  /** End of the time shown, epoch milliseconds. */
  toMs: number;
  /** The queries' step, milliseconds. */
  stepMs: number;
  limits?: VerdictLimits;
  /** For data that is not Sweepscope's; null: it is. */
  foreign?: ForeignSettings | null;
}

/** Samples may be this late before a run counts as interrupted: Prometheus' scrape and the query's step, with room. */
const STALE_MS = 60_000;

/** The model of everything that the queries gave. Total: data that cannot be used becomes a problem, never an exception. */
export function buildSweepModel(frames: readonly DataFrame[], settings: ModelSettings): SweepModel {
  const { series, problems } = readFrames(frames, settings.refIdRoles);
  const newestMs = newestOf(series);
  const limits = settings.limits ?? DEFAULT_VERDICT_LIMITS;
  const context = {
    nowMs: settings.toMs,
    staleMs: Math.max(STALE_MS, 2.5 * settings.stepMs),
    limits,
  };
  const found = groupByRun(series).map((run) => readRun(run, context, problems));
  const runs = found.filter((run) => run !== null).sort(byStart);
  const foreign = runs.length === 0 && settings.foreign ? foreignRun(series, settings.foreign, problems) : null;
  if (foreign !== null) {
    const levels = judgeLevels(foreign.levels, foreign.objectives, limits, null);
    runs.push({ ...foreign, levels, ...sloBoundary(levels) });
  }
  const drawn = foreign !== null && settings.foreign ? foreignSeries(series, settings.foreign) : series;
  return { runs, series: plottedSeries(drawn, problems), problems: distinct(problems), newestMs };
}

function newestOf(series: readonly InputSeries[]): number {
  let newest = NaN;
  for (const one of series) {
    const time = lastValue(one)?.timeMs ?? NaN;
    if (!(time <= newest)) newest = Number.isNaN(time) ? newest : time;
  }
  return newest;
}

function distinct(problems: readonly Problem[]): Problem[] {
  const byText = new Map(problems.map((problem) => [`${problem.code} ${problem.detail}`, problem]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}
