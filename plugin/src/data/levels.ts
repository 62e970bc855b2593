import type { Objective, Problem, Stat, SweepLevel, SweepWindow, Verdict } from './model.js';
import { VERDICTS } from './model.js';
import { contradict, newestBy } from './newest.js';
import { LATENCY_MEASURES, LEVEL_FIGURES, type LatencyMeasure, type LevelFigure } from './roles.js';
import { compareTexts, type InputSeries } from './series.js';
import { gravity } from './windows.js';

/** A level before it is judged. */
export type RawLevel = Omit<SweepLevel, 'checks' | 'verdictFrom' | 'running'>;

/** The levels of one run by rising load, from results, verdicts and windows. */
export function readLevels(
  series: readonly InputSeries[],
  windows: readonly SweepWindow[],
  problems: Problem[],
): RawLevel[] {
  const loads = new Set(windows.map(({ load }) => load));
  const byLoad = groupByLoad(series, problems);
  for (const load of byLoad.keys()) loads.add(load);
  return [...loads]
    .sort((a, b) => a - b)
    .map((load) =>
      readLevel(
        load,
        byLoad.get(load) ?? [],
        windows.filter((window) => window.load === load),
        problems,
      ),
    );
}

const PER_LEVEL: ReadonlySet<string> = new Set(['result', 'figure', 'slo_share', 'verdict']);

function groupByLoad(series: readonly InputSeries[], problems: Problem[]): Map<number, InputSeries[]> {
  const groups = new Map<number, InputSeries[]>();
  for (const one of series) {
    if (!PER_LEVEL.has(one.role.kind)) continue;
    const load = Number(one.labels.level ?? NaN);
    if (!Number.isFinite(load) || load < 0 || one.labels.level === '') {
      problems.push({ code: 'bad-level', detail: one.labels.level ?? one.name });
      continue;
    }
    const group = groups.get(load);
    if (group === undefined) groups.set(load, [one]);
    else group.push(one);
  }
  return groups;
}

function readLevel(
  load: number,
  series: readonly InputSeries[],
  windows: readonly SweepWindow[],
  problems: Problem[],
): RawLevel {
  const { verdict, cause, reason } = verdictOf(series, windows);
  if (contradict(series, figureKey)) problems.push({ code: 'duplicate', detail: `level ${load}` });
  const quantiles: Partial<Record<LatencyMeasure, Readonly<Record<string, Stat>>>> = {};
  for (const measure of LATENCY_MEASURES) {
    const stats = readStats(series, measure, problems);
    if (Object.keys(stats).length > 0) quantiles[measure] = stats;
  }
  const shares = series.filter(({ role }) => role.kind === 'slo_share');
  return {
    load,
    verdict,
    cause,
    reason,
    quantiles,
    figures: readFigures(series),
    sloShares: Object.fromEntries(newestBy(shares, ({ labels }) => labels.slo ?? null)),
  };
}

/** What a series tells of a level; null: nothing that only one series can tell. */
function figureKey({ role, labels }: InputSeries): string | null {
  if (role.kind === 'figure') return role.figure;
  return role.kind === 'result' ? statKey(role.measure, labels) : null;
}

const statKey = (measure: string, labels: InputSeries['labels']): string =>
  `${measure} ${labels.q ?? 'p50'} ${labels.bound ?? 'point'}`;

function readStats(series: readonly InputSeries[], measure: LatencyMeasure, problems: Problem[]): Record<string, Stat> {
  const own = series.filter(({ role }) => role.kind === 'result' && role.measure === measure);
  const stats: Record<string, Stat> = {};
  for (const [key, seconds] of newestBy(own, ({ labels }) => statKey(measure, labels))) {
    const [, q, bound] = key.split(' ') as [string, string, string];
    if (bound !== 'point' && bound !== 'lower' && bound !== 'upper') continue;
    if (seconds < 0) {
      problems.push({ code: 'negative', detail: `${measure} ${q}` });
      continue;
    }
    stats[q] = { ...(stats[q] ?? { point: NaN, lower: NaN, upper: NaN }), [bound]: seconds };
  }
  return stats;
}

function readFigures(series: readonly InputSeries[]): Record<LevelFigure, number> {
  const figures = {} as Record<LevelFigure, number>;
  for (const figure of LEVEL_FIGURES) {
    const own = series.filter(({ role }) => role.kind === 'figure' && role.figure === figure);
    figures[figure] = newestBy(own, () => figure).get(figure) ?? NaN;
  }
  return figures;
}

/** The level's own verdict where there is one, else what its windows say: invalid only if all of them are. */
function verdictOf(
  series: readonly InputSeries[],
  windows: readonly SweepWindow[],
): Pick<SweepWindow, 'verdict' | 'cause' | 'reason'> {
  const gauge =
    newestBy(
      series.filter(({ role }) => role.kind === 'verdict'),
      () => 'verdict',
    ).get('verdict') ?? 0;
  const fromWindows = worstUsable(windows);
  const verdict: Verdict = VERDICTS[gauge] ?? 'unknown';
  if (verdict === 'unknown') return fromWindows;
  const same = windows.filter((window) => window.verdict === verdict);
  return { verdict, cause: texts(same, 'cause'), reason: texts(same, 'reason') };
}

function worstUsable(windows: readonly SweepWindow[]): Pick<SweepWindow, 'verdict' | 'cause' | 'reason'> {
  const valid = windows.filter(({ verdict }) => verdict !== 'invalid');
  const used = valid.length > 0 ? valid : windows;
  const verdict = used.reduce<Verdict>(
    (worst, window) => (gravity(window.verdict) > gravity(worst) ? window.verdict : worst),
    'unknown',
  );
  const same = used.filter((window) => window.verdict === verdict);
  return { verdict, cause: texts(same, 'cause'), reason: texts(same, 'reason') };
}

function texts(windows: readonly SweepWindow[], key: 'cause' | 'reason'): string {
  return [...new Set(windows.map((window) => window[key]))]
    .filter((text) => text !== '')
    .sort(compareTexts)
    .join(', ');
}

/** The run's objectives, by measure and then by limit. */
export function readObjectives(series: readonly InputSeries[]): Objective[] {
  const own = series.filter(({ role }) => role.kind === 'slo');
  const limits = newestBy(own, ({ labels }) => {
    const measure = LATENCY_MEASURES.find((known) => known === labels.metric);
    return measure === undefined
      ? null
      : [measure, labels.q ?? 'p95', labels.slo ?? `${measure}_${labels.q ?? 'p95'}`].join(' ');
  });
  return [...limits]
    .filter(([, limitSeconds]) => limitSeconds > 0)
    .map(([key, limitSeconds]) => {
      const [measure, q, ...name] = key.split(' ') as [LatencyMeasure, string, ...string[]];
      return { name: name.join(' '), measure, q, limitSeconds };
    });
}
