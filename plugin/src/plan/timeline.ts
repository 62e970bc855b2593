import { alignSeries } from '../data/align.js';
import type { PlottedSeries, SweepModel, SweepRun } from '../data/model.js';
import { LATENCY_MEASURES, type Measure } from '../data/roles.js';
import { openEnd } from '../draw/bands.js';
import { laneRange, layoutLanes, type LaneRange, type WantedLane } from '../draw/lanes.js';
import { freeLabels, type SloLine } from '../draw/paint-lanes.js';
import type { Palette } from '../draw/palette.js';
import { formatSeconds } from '../format.js';
import type { SweepOptions } from '../options/options.js';
import { TEXT } from '../text.js';
import { dashOf, extent, LANE_WEIGHT, lastKnown, projectColumn, type ChartPlan, type LinePlan } from './chart-plan.js';

export interface TimelinePlan extends ChartPlan {
  /** Runs whose bands are shown; never two at one time. */
  runs: readonly SweepRun[];
  sloLines: readonly SloLine[];
  /** The series behind each line. */
  series: readonly PlottedSeries[];
}

export interface TimelineInput {
  model: SweepModel;
  current: SweepRun | null;
  options: SweepOptions;
  palette: Palette;
  fromMs: number;
  toMs: number;
  plotPx: number;
  /** Keys of lines that the user switched off. */
  hidden: ReadonlySet<string>;
}

/** Series over time on one axis, in lanes, with the bands of the levels behind them. */
export function planTimeline(input: TimelineInput): TimelinePlan {
  const { model, current, options, palette, fromMs, toMs } = input;
  const shown = shownSeries(model.series, options);
  const wanted = wantedLanes(shown, options);
  const lanes = layoutLanes(wanted, input.plotPx);
  const series = shown.filter(({ measure }) => lanes.some((lane) => lane.measure === measure));
  const [times, ...values] = alignSeries(series);
  const runs = runsToShow(model, current, fromMs, toMs);
  const allLines = sloLines(runs.at(-1) ?? current, options);
  const endsOf = (laneKey: string): number[] =>
    values.flatMap((column, i) => (series[i]!.measure === laneKey ? lastKnown(column) : []));
  const ranges: Record<string, LaneRange> = {};
  for (const lane of lanes) {
    const own = values.filter((_, i) => series[i]!.measure === lane.measure && !input.hidden.has(series[i]!.key));
    const limits = allLines.filter(({ laneKey }) => laneKey === lane.key).map(({ value }) => value);
    ranges[lane.key] = laneRange(...extent(times, own, fromMs, toMs), limits, options.scale);
  }
  return {
    lanes,
    lines: series.map((one, i) => asLine(one, measureIndex(series, i), palette)),
    columns: [times, ...values.map((column, i) => projectColumn(column, ranges[series[i]!.measure]!))],
    ranges,
    x: { kind: 'time', min: fromMs, max: toMs, log: false, loads: [], unit: '' },
    runs,
    sloLines: freeLabels(
      allLines.filter(({ laneKey }) => lanes.some(({ key }) => key === laneKey)),
      endsOf,
    ),
    series,
  };
}

function shownSeries(series: readonly PlottedSeries[], options: SweepOptions): PlottedSeries[] {
  return series.filter(({ measure, q }) => {
    if (!options.lanes.includes(measure)) return false;
    return q === null || options.quantiles.includes(q);
  });
}

/** Lanes with something to show, in the options' order; TTFT alone when there are no series yet. */
function wantedLanes(series: readonly PlottedSeries[], options: SweepOptions): WantedLane[] {
  const present = options.lanes.filter((measure) => series.some((one) => one.measure === measure));
  const kept: Measure[] = present.length > 0 ? present : ['ttft'];
  return kept.map((measure) => ({ key: measure, measure, title: TEXT.measure[measure], weight: LANE_WEIGHT[measure] }));
}

const FOREIGN_COLORS: Measure[] = ['ttft', 'latency', 'tokens', 'tpot', 'itl', 'errors'];

/** The how-manieth of its kind a series is: lines of the first target look as if it were alone. */
function measureIndex(series: readonly PlottedSeries[], i: number): number {
  const { measure, q } = series[i]!;
  return series.slice(0, i).filter((other) => other.measure === measure && other.q === q).length;
}

function asLine({ key, measure, q, tag, name, color }: PlottedSeries, index: number, palette: Palette): LinePlan {
  const label =
    measure === 'other'
      ? name
      : [TEXT.measure[measure], q, tag].filter((part) => part !== null && part !== '').join(' ');
  const own =
    measure === 'other'
      ? palette.measure[FOREIGN_COLORS[index % FOREIGN_COLORS.length]!]
      : palette.shade(measure, index);
  return {
    key,
    laneKey: measure,
    label,
    color: color ?? own,
    dash: dashOf(q),
    widthPx: 2,
    pointPx: 0,
    isBaseline: false,
  };
}

/** The chosen run, and others that neither overlap it nor one another, by time. */
function runsToShow(model: SweepModel, current: SweepRun | null, fromMs: number, toMs: number): SweepRun[] {
  const span = (run: SweepRun): [number, number] => {
    const last = run.windows.at(-1);
    const end = last === undefined || Number.isNaN(last.endMs) ? openEnd(run, model.newestMs, toMs) : last.endMs;
    return [run.windows[0]?.startMs ?? NaN, end];
  };
  const taken: SweepRun[] = [];
  const candidates = [
    ...(current === null ? [] : [current]),
    ...[...model.runs].reverse().filter((run) => run !== current),
  ];
  for (const run of candidates) {
    const [start, end] = span(run);
    if (!(end >= fromMs && start <= toMs)) continue;
    if (taken.some((other) => start < span(other)[1] && span(other)[0] < end)) continue;
    taken.push(run);
  }
  return taken.sort((a, b) => a.startMs - b.startMs);
}

/** Limits of the run's objectives, or those set by hand where the run has none. */
export function sloLines(run: SweepRun | null, options: SweepOptions): SloLine[] {
  const told = (run?.objectives ?? []).map(({ measure, q, limitSeconds }) => ({ measure, q, limitSeconds }));
  return (told.length > 0 ? told : limitsByHand(options)).map(({ measure, q, limitSeconds }) => ({
    laneKey: measure,
    value: limitSeconds,
    label: `${TEXT.slo} ${q} ≤ ${formatSeconds(limitSeconds)}`,
    labelBelow: false,
  }));
}

export function limitsByHand(
  options: SweepOptions,
): { measure: (typeof LATENCY_MEASURES)[number]; q: string; limitSeconds: number }[] {
  const limits = { ttft: options.ttftLimitMs, tpot: options.tpotLimitMs, itl: 0, latency: options.latencyLimitMs };
  return LATENCY_MEASURES.filter((measure) => limits[measure] > 0).map((measure) => ({
    measure,
    q: 'p95',
    limitSeconds: limits[measure] / 1000,
  }));
}
