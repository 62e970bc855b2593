import { VERDICTS, type Problem, type SweepWindow, type Verdict } from './model.js';
import { newestBy, newestSeries } from './newest.js';
import type { InputSeries } from './series.js';

const EDGES = ['start', 'measure_start', 'measure_end', 'end'] as const;
type Edge = (typeof EDGES)[number];

/** A verdict as a label has it; what is not one of ours is `unknown`. */
export function verdictNamed(name: string | undefined): Verdict {
  return VERDICTS.find((verdict) => verdict === name) ?? 'unknown';
}

/** Of verdicts that were seen at the same time the gravest counts: `unknown` is only what stood there before. */
export function gravity(verdict: Verdict): number {
  return VERDICTS.indexOf(verdict);
}

const byRole = (series: readonly InputSeries[], kind: 'window_edge' | 'window_info'): InputSeries[] =>
  series.filter(({ role }) => role.kind === kind);

/** The windows of one run in order of time: their edges are values (epoch seconds), never times of samples. */
export function readWindows(series: readonly InputSeries[], problems: Problem[]): SweepWindow[] {
  const edges = byRole(series, 'window_edge');
  const infos = groupByWindow(byRole(series, 'window_info'));
  const windows: SweepWindow[] = [];
  for (const [id, members] of groupByWindow(edges)) {
    const load = Number(members[0]!.labels.level ?? NaN);
    if (!Number.isFinite(load) || load < 0) {
      problems.push({ code: 'bad-level', detail: `${id}: ${members[0]!.labels.level ?? 'no label "level"'}` });
      continue;
    }
    const at = newestBy(members, ({ labels }) => labels.edge ?? null);
    const window = {
      id,
      load,
      repetition: repetitionOf(members[0]!),
      ...readEdges(at),
      ...readInfo(infos.get(id) ?? []),
    };
    if (inOrder(window)) windows.push(window);
    else problems.push({ code: 'bad-edges', detail: id });
  }
  return windows.sort((a, b) => a.startMs - b.startMs || a.load - b.load || (a.id < b.id ? -1 : 1));
}

function groupByWindow(series: readonly InputSeries[]): Map<string, InputSeries[]> {
  const groups = new Map<string, InputSeries[]>();
  for (const one of series) {
    const { window, level = '', repetition = '1' } = one.labels;
    const id = window ?? `r${repetition} ${level}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [one]);
    else group.push(one);
  }
  return groups;
}

function repetitionOf({ labels }: InputSeries): number {
  const repetition = Number(labels.repetition ?? 1);
  return Number.isInteger(repetition) && repetition > 0 ? repetition : 1;
}

type Edges = Pick<SweepWindow, 'startMs' | 'measureStartMs' | 'measureEndMs' | 'endMs'>;

function readEdges(at: ReadonlyMap<string, number>): Edges {
  const ms = (edge: Edge): number => {
    const seconds = at.get(edge);
    return seconds !== undefined && seconds > 0 ? seconds * 1000 : NaN;
  };
  const [start, measureStart, measureEnd, end] = EDGES.map(ms) as [number, number, number, number];
  return {
    startMs: [start, measureStart, measureEnd, end].find((time) => !Number.isNaN(time)) ?? NaN,
    measureStartMs: measureStart,
    measureEndMs: measureEnd,
    endMs: end,
  };
}

function inOrder({ startMs, measureStartMs, measureEndMs, endMs }: Edges): boolean {
  const known = [startMs, measureStartMs, measureEndMs, endMs].filter((time) => !Number.isNaN(time));
  return known.length > 0 && known.every((time, i) => i === 0 || time >= known[i - 1]!);
}

/** How the exporter says that there is no cause, and that it knows none yet. */
const NO_CAUSE = new Set(['none', 'unknown']);

function readInfo(infos: readonly InputSeries[]): Pick<SweepWindow, 'verdict' | 'cause' | 'reason'> {
  const newest = newestSeries(infos, ({ labels }) => gravity(verdictNamed(labels.verdict)));
  const { verdict, cause = '', reason = '' } = newest?.labels ?? {};
  return { verdict: verdictNamed(verdict), cause: NO_CAUSE.has(cause) ? '' : cause, reason };
}
