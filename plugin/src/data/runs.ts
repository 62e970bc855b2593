import { judgeLevels, sloBoundary, type VerdictLimits } from './classify.js';
import { readLevels, readObjectives } from './levels.js';
import type { Problem, RunState, SweepRun, SweepWindow } from './model.js';
import { newestBy, newestSeries } from './newest.js';
import { windowsFromLevelSamples } from './sampled-windows.js';
import type { RunSeries } from './scope.js';
import { compareTexts, lastValue, type InputSeries } from './series.js';
import { readWindows } from './windows.js';

/** What the state of a run is judged by. */
export interface RunContext {
  /** End of the time shown, or the newest sample where that is earlier; epoch milliseconds. */
  nowMs: number;
  /** Samples older than this are no sign of life. */
  staleMs: number;
  limits: VerdictLimits;
}

const ofKind = (series: readonly InputSeries[], kind: InputSeries['role']['kind']): InputSeries[] =>
  series.filter(({ role }) => role.kind === kind);

/** One run from all series that name it. */
export function readRun({ key, id, series }: RunSeries, context: RunContext, problems: Problem[]): SweepRun | null {
  const told = readWindows(series, problems);
  const windows = told.length > 0 ? told : sampledWindows(series, problems);
  const live = readLive(series, context);
  const end = newestSeries(ofKind(series, 'run_end'));
  const state = stateOf(end?.labels.state, live, series);
  const running = state === 'running' ? (windows.findLast((window) => Number.isNaN(window.endMs))?.load ?? null) : null;
  const objectives = readObjectives(series);
  const levels = judgeLevels(readLevels(series, windows, problems), objectives, context.limits, running);
  if (windows.length === 0 && levels.length === 0 && ofKind(series, 'run_info').length === 0) return null;
  const endMs = end === undefined ? NaN : (lastValue(end)?.value ?? NaN) * 1000;
  noteSkew(windows, context, state, problems);
  return {
    key,
    id,
    ...readInfo(series),
    state,
    startMs: windows[0]?.startMs ?? startInId(id),
    endMs: endMs > 0 ? endMs : NaN,
    windows,
    levels,
    objectives,
    ...readBoundary(series, sloBoundary(levels)),
    snapshots: Math.max(0, ...ofKind(series, 'snapshot').map(({ values }) => largest(values))),
    live,
  };
}

function largest(values: readonly (number | null)[]): number {
  return values.reduce<number>((max, value) => (value !== null && value > max ? value : max), 0);
}

function sampledWindows(series: readonly InputSeries[], problems: Problem[]): SweepWindow[] {
  const level = newestSeries(ofKind(series, 'level'));
  if (level === undefined) return [];
  const warmup = newestSeries(ofKind(series, 'phase').filter(({ labels }) => labels.phase === 'warmup'));
  const warm = new Set(warmup?.times.filter((_, row) => warmup.values[row] === 1) ?? []);
  const windows = windowsFromLevelSamples(level, (timeMs) => warm.has(timeMs));
  if (windows.length > 0) problems.push({ code: 'sampled-edges', detail: level.labels.run ?? '' });
  return windows;
}

/** What goes on now by the gauges of the live state; null where they are silent, or too old to count. */
function readLive(series: readonly InputSeries[], { nowMs, staleMs }: RunContext): SweepRun['live'] {
  const fresh = (one: InputSeries): boolean => nowMs - (lastValue(one)?.timeMs ?? -Infinity) <= staleMs;
  const level = newestSeries(ofKind(series, 'level').filter(fresh));
  const phases = ofKind(series, 'phase').filter((one) => fresh(one) && lastValue(one)?.value === 1);
  const phase = newestSeries(phases)?.labels.phase ?? null;
  if (level === undefined && phase === null) return null;
  const load = level === undefined ? NaN : lastValue(level)!.value;
  return { load, phase: phase ?? (load > 0 ? 'measure' : 'idle') };
}

function stateOf(ended: string | undefined, live: SweepRun['live'], series: readonly InputSeries[]): RunState {
  if (ended !== undefined) return ended === 'aborted' ? 'aborted' : 'completed';
  if (live !== null && live.phase !== 'idle') return 'running';
  const asked = ofKind(series, 'level').length > 0 || ofKind(series, 'phase').length > 0;
  if (live !== null || asked) return 'interrupted';
  // Queries for results alone cannot tell a run that goes on from one that was interrupted.
  return 'unknown';
}

function readInfo(series: readonly InputSeries[]): Pick<SweepRun, 'name' | 'model' | 'mode' | 'loadUnit'> {
  const { name = '', model = '', mode = '', arrival } = newestSeries(ofKind(series, 'run_info'))?.labels ?? {};
  const loadUnit = arrival === undefined ? '' : arrival === 'closed' ? 'users' : 'req/s';
  return { name, model, mode, loadUnit };
}

function readBoundary(
  series: readonly InputSeries[],
  derived: Pick<SweepRun, 'lastPass' | 'firstFail'>,
): Pick<SweepRun, 'lastPass' | 'firstFail' | 'knee'> {
  const told = newestBy(ofKind(series, 'slo_level'), ({ labels }) => labels.bound ?? null);
  const knee = newestBy(ofKind(series, 'knee_level'), ({ labels }) =>
    (labels.bound ?? 'point') === 'point' ? 'knee' : null,
  );
  return {
    // Where the exporter told one of the bounds, the other's absence says that there is none.
    lastPass: told.size > 0 ? (told.get('last_pass') ?? null) : derived.lastPass,
    firstFail: told.size > 0 ? (told.get('first_fail') ?? null) : derived.firstFail,
    knee: knee.get('knee') ?? NaN,
  };
}

function noteSkew(
  windows: readonly SweepWindow[],
  { nowMs, staleMs }: RunContext,
  state: RunState,
  problems: Problem[],
): void {
  const last = windows.at(-1);
  if (last === undefined || state !== 'running') return;
  const ahead = last.startMs - nowMs;
  if (ahead > staleMs) problems.push({ code: 'clock-skew', detail: `${Math.round(ahead / 1000)} s` });
}

/** Run ids begin with their time in UTC, as `20261122T224615Z-…` or with dashes and colons; NaN where one does not. */
export function startInId(id: string): number {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)[T-]?(\d\d)[-:]?(\d\d)[-:]?(\d\d)/.exec(id)?.slice(1).map(Number);
  if (parts === undefined) return NaN;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Oldest first; runs without a known start before all others. */
export function byStart(a: SweepRun, b: SweepRun): number {
  const start = (run: SweepRun): number => (Number.isNaN(run.startMs) ? -Infinity : run.startMs);
  return start(a) === start(b) ? compareTexts(a.key, b.key) : start(a) - start(b);
}
