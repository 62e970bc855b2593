import type { SweepLevel, SweepRun } from '../data/model.js';
import { LATENCY_MEASURES, type LatencyMeasure, type LevelFigure, type Measure } from '../data/roles.js';
import { laneRange, layoutLanes, type LaneRange } from '../draw/lanes.js';
import { MARKER_ROW_PX, type Marker, type Whisker } from '../draw/paint-curve.js';
import { freeLabels, type SloLine } from '../draw/paint-lanes.js';
import type { Palette } from '../draw/palette.js';
import { layoutZones, wantsLogAxis, type Zone } from '../draw/zones.js';
import { formatLoad, formatNumber } from '../format.js';
import type { LaneName, SweepOptions } from '../options/options.js';
import { TEXT } from '../text.js';
import {
  dashOf,
  extent,
  LANE_WEIGHT,
  lastKnown,
  projectColumn,
  projectLoad,
  type ChartPlan,
  type LinePlan,
} from './chart-plan.js';
import { sloLines } from './timeline.js';

export interface CurvePlan extends ChartPlan {
  run: SweepRun;
  baseline: SweepRun | null;
  zones: readonly Zone[];
  whiskers: readonly Whisker[];
  markers: readonly Marker[];
  sloLines: readonly SloLine[];
}

export interface CurveInput {
  run: SweepRun;
  baseline: SweepRun | null;
  options: SweepOptions;
  palette: Palette;
  plotPx: number;
  hidden: ReadonlySet<string>;
}

const FIGURE_OF: Partial<Record<LaneName, LevelFigure>> = {
  tokens: 'outputTokensPerSecond',
  requests: 'requestsPerSecond',
  errors: 'errorRatio',
};

interface CurveLine {
  line: LinePlan;
  measure: Measure;
  q: string | null;
  of: SweepRun;
}

/** Figures over the level: one lane a measure, p50 and p95 with their intervals, zones by verdict behind them. */
export function planCurve(input: CurveInput): CurvePlan {
  const { run, baseline, options } = input;
  const zoneLog = useLog(run, options);
  const zones = layoutZones(run.levels, zoneLog);
  const measures = shownMeasures(run, baseline, options);
  const markers = markersOf(run);
  const wanted = measures.map((measure) => ({
    key: measure,
    measure,
    title: TEXT.measure[measure],
    weight: LANE_WEIGHT[measure],
  }));
  const lanes = layoutLanes(wanted, input.plotPx, markers.length * MARKER_ROW_PX);
  const lines = lanes.flatMap(({ measure }) => linesOf(measure, input));
  const loads = [...new Set([run, baseline].flatMap((one) => one?.levels.map(({ load }) => load) ?? []))].sort(
    (a, b) => a - b,
  );
  const values = lines.map((line) => loads.map((load) => valueAt(line, load)));
  const endsOf = (laneKey: string): number[] =>
    values.flatMap((column, i) => (lines[i]!.line.laneKey === laneKey ? lastKnown(column) : []));
  const limits = freeLabels(sloLines(run, options), endsOf);
  const whiskers = lines.flatMap((line) =>
    input.hidden.has(line.line.key) || line.line.isBaseline ? [] : whiskersOf(line),
  );
  const ranges: Record<string, LaneRange> = {};
  for (const { key } of lanes) {
    const own = values.filter((_, i) => lines[i]!.line.laneKey === key && !input.hidden.has(lines[i]!.line.key));
    const lines_ = limits.filter(({ laneKey }) => laneKey === key).map(({ value }) => value);
    const bounds = whiskers.filter(({ laneKey }) => laneKey === key).flatMap(({ lower, upper }) => [lower, upper]);
    ranges[key] = laneRange(...extent(loads, own, -Infinity, Infinity), [...lines_, ...bounds], options.scale);
  }
  return {
    lanes,
    lines: lines.map(({ line }) => line),
    columns: [
      loads.map((load) => projectLoad(load, zoneLog)),
      ...values.map((column, i) => projectColumn(column, ranges[lines[i]!.line.laneKey]!)),
    ],
    ranges,
    x: { kind: 'level', ...axisEnds(zones, loads, zoneLog), log: zoneLog, loads, unit: run.loadUnit },
    run,
    baseline,
    zones,
    whiskers: whiskers.filter(({ laneKey, lower }) => !ranges[laneKey]!.log || lower > 0),
    markers,
    sloLines: limits.filter(({ laneKey }) => laneKey in ranges),
  };
}

function useLog({ levels }: SweepRun, { levelAxis }: SweepOptions): boolean {
  const loads = levels.map(({ load }) => load);
  if (levelAxis === 'auto') return wantsLogAxis(loads);
  return levelAxis === 'log' && loads.every((load) => load > 0);
}

function axisEnds(zones: readonly Zone[], loads: readonly number[], log: boolean): { min: number; max: number } {
  const ends = [...zones.flatMap(({ from, to }) => [from, to]), ...loads].filter((load) => !log || load > 0);
  if (ends.length === 0) return { min: 0, max: 1 };
  const [min, max] = [projectLoad(Math.min(...ends), log), projectLoad(Math.max(...ends), log)];
  return max > min ? { min, max } : { min: min - 1, max: max + 1 };
}

function shownMeasures(run: SweepRun, baseline: SweepRun | null, options: SweepOptions): LaneName[] {
  const levels = [...run.levels, ...(baseline?.levels ?? [])];
  const names = options.lanes.filter((name) => hasData(levels, name));
  // Where no token counts are known, requests tell the throughput.
  return options.lanes.includes('tokens') &&
    !names.includes('tokens') &&
    !names.includes('requests') &&
    hasData(levels, 'requests')
    ? [...names, 'requests']
    : names;
}

function isLatency(name: string): name is LatencyMeasure {
  return LATENCY_MEASURES.some((measure) => measure === name);
}

function hasData(levels: readonly SweepLevel[], name: LaneName): boolean {
  const figure = FIGURE_OF[name];
  if (figure !== undefined) return levels.some(({ figures }) => !Number.isNaN(figures[figure]));
  return isLatency(name) && levels.some(({ quantiles }) => quantiles[name] !== undefined);
}

function linesOf(measure: LaneName, { run, baseline, options, palette }: CurveInput): CurveLine[] {
  const quantiles = isLatency(measure) ? options.quantiles : [null];
  const of = (one: SweepRun, isBaseline: boolean): CurveLine[] =>
    quantiles.map((q) => {
      const parts = [TEXT.measure[measure], q, isBaseline ? TEXT.baseline : ''];
      const line: LinePlan = {
        key: `${measure} ${q ?? ''}${isBaseline ? ' baseline' : ''}`,
        laneKey: measure,
        label: parts.filter((part) => part !== null && part !== '').join(' '),
        color: isBaseline ? palette.baseline : palette.measure[measure],
        dash: dashOf(q),
        widthPx: isBaseline ? 1.25 : 2,
        pointPx: isBaseline ? 4 : 7,
        isBaseline,
      };
      return { line, measure, q, of: one };
    });
  return [...of(run, false), ...(baseline === null ? [] : of(baseline, true))];
}

function valueAt({ of, measure, q }: CurveLine, load: number): number | null {
  const level = of.levels.find((one) => one.load === load);
  if (level === undefined) return null;
  const figure = FIGURE_OF[measure];
  const value =
    figure !== undefined
      ? level.figures[figure]
      : isLatency(measure)
        ? (level.quantiles[measure]?.[q ?? '']?.point ?? NaN)
        : NaN;
  return Number.isNaN(value) ? null : value;
}

function whiskersOf({ of, measure, q, line: { laneKey, color } }: CurveLine): Whisker[] {
  if (!isLatency(measure) || q === null) return [];
  return of.levels.flatMap(({ load, quantiles }) => {
    const { lower, upper } = quantiles[measure]?.[q] ?? { lower: NaN, upper: NaN };
    return Number.isNaN(lower) || Number.isNaN(upper) ? [] : [{ laneKey, load, lower, upper, color, shiftPx: 0 }];
  });
}

function markersOf({ knee, lastPass, firstFail }: SweepRun): Marker[] {
  const markers: Marker[] = [];
  if (lastPass !== null && firstFail !== null && lastPass < firstFail) {
    const label = TEXT.boundary(formatLoad(lastPass), formatLoad(firstFail));
    markers.push({ kind: 'boundary', load: (lastPass + firstFail) / 2, label });
  }
  if (!Number.isNaN(knee)) markers.push({ kind: 'knee', load: knee, label: TEXT.knee(formatNumber(knee)) });
  return markers;
}
