import type { PlottedSeries, SweepLevel, SweepRun, SweepWindow, Verdict } from '../data/model.js';
import type { Measure } from '../data/roles.js';
import { endOf, shownVerdict } from '../draw/bands.js';
import { formatChange, formatLoad, formatNumber, formatRatio, formatSeconds } from '../format.js';
import { causeText, TEXT } from '../text.js';
import type { CurvePlan } from './curve.js';
import type { TimelinePlan } from './timeline.js';

/** What the tooltip tells about one place. */
export interface Readout {
  title: string;
  /** Verdict, phase and cause of the level there; null outside of levels. */
  level: { verdict: Verdict; text: string; detail: string } | null;
  rows: readonly ReadoutRow[];
  /** The window to zoom to. */
  window: SweepWindow | null;
}

export interface ReadoutRow {
  key: string;
  label: string;
  color: string;
  dash: readonly number[];
  value: string;
  /** Against the objective, or the baseline. */
  delta: string;
  tone: 'good' | 'bad' | 'plain';
}

/** A measured value with its unit. */
export function formatMeasure(measure: Measure, value: number): string {
  if (measure === 'errors') return formatRatio(value);
  if (measure === 'tokens' || measure === 'requests' || measure === 'inflight' || measure === 'other')
    return formatNumber(value);
  return formatSeconds(value);
}

/** Where in a window a time lies. */
function phaseAt(window: SweepWindow, timeMs: number): string {
  if (Number.isNaN(window.measureStartMs) || timeMs < window.measureStartMs) return TEXT.warmup;
  if (timeMs < window.measureEndMs || Number.isNaN(window.measureEndMs)) return TEXT.measuring;
  return '';
}

export function timelineReadout(
  plan: TimelinePlan,
  timeMs: number,
  openEndMs: number,
  formatTime: (timeMs: number) => string,
): Readout {
  const place = windowAt(plan.runs, timeMs, openEndMs);
  const rows = plan.series.flatMap((series, i): ReadoutRow[] => {
    const value = sampleAt(series, timeMs);
    if (value === null) return [];
    const line = plan.lines[i]!;
    const objective = place?.run.objectives.find(({ measure, q }) => measure === series.measure && q === series.q);
    const delta = objective === undefined ? null : againstLimit(value, objective.limitSeconds);
    const { key, label, color, dash } = line;
    return [
      {
        key,
        label,
        color,
        dash,
        value: formatMeasure(series.measure, value),
        delta: delta?.text ?? '',
        tone: delta?.tone ?? 'plain',
      },
    ];
  });
  return {
    title: formatTime(timeMs),
    level: place === null ? null : levelText(place.run, place.window, timeMs),
    rows,
    window: place?.window ?? null,
  };
}

function levelText(run: SweepRun, window: SweepWindow, timeMs: number): Readout['level'] {
  const level = run.levels.find(({ load }) => load === window.load);
  const verdict = shownVerdict(run, window);
  const running = run.state === 'running' && Number.isNaN(window.endMs);
  const told = verdict === 'unknown' && running ? '' : TEXT.verdict[verdict];
  const text = [`Level ${formatLoad(window.load)}`, phaseAt(window, timeMs), told]
    .filter((part) => part !== '')
    .join(' · ');
  const repetition = run.windows.some((other) => other.repetition > 1) ? `repetition ${window.repetition}` : '';
  const cause = causeText(window.cause === '' ? (level?.cause ?? '') : window.cause);
  const detail = [
    cause === '' ? '' : `cause: ${cause}`,
    window.reason === '' ? '' : `reason: ${window.reason}`,
    repetition,
  ]
    .filter((part) => part !== '')
    .join(' · ');
  return { verdict, text, detail };
}

export function windowAt(
  runs: readonly SweepRun[],
  timeMs: number,
  openEndMs: number,
): { run: SweepRun; window: SweepWindow } | null {
  for (const run of runs) {
    const index = run.windows.findIndex(
      (window, i) => timeMs >= window.startMs && timeMs < endOf(window, run.windows[i + 1], openEndMs),
    );
    if (index >= 0) return { run, window: run.windows[index]! };
  }
  return null;
}

/** The sample nearest to a time, if it is no further away than the steps around it; null otherwise. */
export function sampleAt({ times, values }: Pick<PlottedSeries, 'times' | 'values'>, timeMs: number): number | null {
  let low = 0;
  let high = times.length - 1;
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= timeMs) low = middle;
    else high = middle;
  }
  const nearest = Math.abs(times[low]! - timeMs) <= Math.abs(times[high]! - timeMs) ? low : high;
  const step = high > low ? times[high]! - times[low]! : 60_000;
  if (Math.abs(times[nearest]! - timeMs) > Math.max(step, 1000)) return null;
  return values[nearest] ?? null;
}

function againstLimit(value: number, limit: number): { text: string; tone: 'good' | 'bad' } {
  const share = Math.round(Math.abs(value / limit - 1) * 100);
  if (value <= limit) return { text: `${TEXT.mark.clean} ${share} % below ${TEXT.slo}`, tone: 'good' };
  const over = value / limit >= 3 ? `×${formatNumber(value / limit)}` : `${share} % above`;
  return { text: `${TEXT.mark.saturated} ${over} ${TEXT.slo}`, tone: 'bad' };
}

/** What is known of the level nearest to a place on the level axis. */
export function curveReadout(plan: CurvePlan, load: number): Readout | null {
  const level = nearestLevel(plan.run.levels, load, plan.x.log);
  if (level === null) return null;
  const base = plan.baseline?.levels.find((one) => one.load === level.load);
  const rows = plan.lines
    .filter(({ isBaseline }) => !isBaseline)
    .flatMap(({ key, label, color, dash, laneKey }): ReadoutRow[] => {
      const [measure, q = ''] = key.split(' ') as [Measure, string?];
      const value = figureOf(level, measure, q);
      if (Number.isNaN(value)) return [];
      const check = level.checks.find(({ objective }) => objective.measure === measure && objective.q === q);
      const delta = check === undefined ? null : againstLimit(value, check.objective.limitSeconds);
      const change = base === undefined ? '' : formatChange(value, figureOf(base, measure, q));
      const text = [delta?.text ?? '', change === '' ? '' : `${change} vs ${TEXT.baseline}`]
        .filter((part) => part !== '')
        .join(' · ');
      return [
        {
          key,
          label,
          color,
          dash,
          value: formatMeasure(laneKey as Measure, value),
          delta: text,
          tone: delta?.tone ?? 'plain',
        },
      ];
    });
  const cause = causeText(level.cause);
  return {
    title: `Level ${formatLoad(level.load)}`,
    level: {
      verdict: level.verdict,
      text: level.running ? TEXT.figuresToCome : TEXT.verdict[level.verdict],
      detail: [cause === '' ? '' : `cause: ${cause}`, level.reason === '' ? '' : `reason: ${level.reason}`]
        .filter((part) => part !== '')
        .join(' · '),
    },
    rows,
    window: plan.run.windows.findLast((window) => window.load === level.load) ?? null,
  };
}

function figureOf(level: SweepLevel, measure: Measure, q: string): number {
  if (measure === 'tokens') return level.figures.outputTokensPerSecond;
  if (measure === 'requests') return level.figures.requestsPerSecond;
  if (measure === 'errors') return level.figures.errorRatio;
  if (measure === 'inflight' || measure === 'other') return NaN;
  return level.quantiles[measure]?.[q]?.point ?? NaN;
}

function nearestLevel(levels: readonly SweepLevel[], load: number, log: boolean): SweepLevel | null {
  const distance = (other: number): number => (log ? Math.abs(Math.log2(other / load)) : Math.abs(other - load));
  return levels.reduce<SweepLevel | null>(
    (best, level) => (best === null || distance(level.load) < distance(best.load) ? level : best),
    null,
  );
}
