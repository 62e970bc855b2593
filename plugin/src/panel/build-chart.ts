import type { GrafanaTheme2 } from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation, UPlotConfigBuilder } from '@grafana/ui';
import { GraphDrawStyle, VisibilityMode } from '@grafana/schema';
import type uPlot from 'uplot';
import { RIGHT_PX, X_AXIS_PX, Y_AXIS_PX } from '../draw/geometry.js';
import { project, scaleRange, type Lane, type LaneRange } from '../draw/lanes.js';
import { linearTicks, logTicks, thinnedTicks } from '../draw/ticks.js';
import { formatLoad } from '../format.js';
import { projectLoad, type ChartPlan, type LinePlan } from '../plan/chart-plan.js';
import { formatMeasure } from '../plan/readout.js';

/** What the chart reads while it lives; it is built once, and everything that changes comes from here. */
export interface ChartLife {
  plan: ChartPlan;
  paintUnder: (plot: uPlot) => void;
  paintOver: (plot: uPlot) => void;
  onCursor: (plot: uPlot) => void;
  onSelect: (plot: uPlot) => void;
  onClick: (plot: uPlot) => void;
  onDoubleClick: (plot: uPlot) => void;
}

export interface ChartSetup {
  theme: GrafanaTheme2;
  timeZone: string;
  label: string;
  describedBy: string;
  /** Charts with the same key share their cursor; null: this one's is its own. */
  syncKey: string | null;
}

/** A uPlot configuration for the plan's structure. `life` is read at every draw. */
export function buildChart(plan: ChartPlan, setup: ChartSetup, life: () => ChartLife): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder(setup.timeZone);
  const now = (): ChartPlan => life().plan;
  addXAxis(builder, plan, setup, now);
  plan.lanes.forEach((lane, index) => addLane(builder, lane, index === plan.lanes.length - 1, setup.theme, now));
  for (const line of plan.lines) addLine(builder, line, setup.theme);
  builder.setPadding([0, RIGHT_PX, 0, 0]);
  builder.setCursor({
    drag: { x: plan.x.kind === 'time', y: false, setScale: false },
    focus: { prox: 30 },
    y: plan.x.kind === 'level',
    bind: { dblclick: (plot) => () => (life().onDoubleClick(plot), null) },
    ...(setup.syncKey === null ? {} : { sync: { key: setup.syncKey, scales: ['x', null] } }),
  });
  builder.addHook('init', (plot) => {
    // The plan knows every range: uPlot need not look for least and greatest values of its own at each refresh.
    for (const series of plot.series.slice(1)) series.auto = false;
    plot.root.setAttribute('role', 'group');
    plot.root.setAttribute('aria-label', setup.label);
    plot.root.setAttribute('aria-describedby', setup.describedBy);
    plot.over.addEventListener('click', () => life().onClick(plot));
  });
  builder.addHook('drawClear', (plot) => life().paintUnder(plot));
  builder.addHook('draw', (plot) => life().paintOver(plot));
  builder.addHook('setCursor', (plot) => life().onCursor(plot));
  builder.addHook('setSelect', (plot) => life().onSelect(plot));
  return builder;
}

function addXAxis(
  builder: UPlotConfigBuilder,
  { x }: ChartPlan,
  { theme, timeZone }: ChartSetup,
  now: () => ChartPlan,
): void {
  builder.addScale({
    scaleKey: 'x',
    isTime: x.kind === 'time',
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    auto: true,
    range: () => [now().x.min, now().x.max],
  });
  const common = {
    scaleKey: 'x',
    placement: AxisPlacement.Bottom,
    theme,
    size: X_AXIS_PX,
    grid: { show: x.kind === 'time' },
  };
  if (x.kind === 'time') return builder.addAxis({ ...common, isTime: true, timeZone });
  builder.addAxis({
    ...common,
    splits: (plot) => {
      const { loads, log } = now().x;
      const longest = Math.max(...loads.map((load) => formatLoad(load).length), 1);
      const places = loads.map((load) => projectLoad(load, log));
      return thinnedTicks(places, (place) => plot.valToPos(place, 'x'), longest * 8 + 10);
    },
    filter: (_, splits) => splits,
    values: (_, splits) => {
      const { log, unit } = now().x;
      const texts = splits.map((place) => formatLoad(log ? Number((2 ** place).toPrecision(6)) : place));
      return texts.map((text, i) => (i === texts.length - 1 ? `${text} ${unit}` : text));
    },
  });
}

/** Pixels of height that one label of an axis is given. */
const TICK_PX = 24;

function plotPx(plot: uPlot): number {
  return plot.height - X_AXIS_PX;
}

function addLane(
  builder: UPlotConfigBuilder,
  { key, measure }: Lane,
  isLast: boolean,
  theme: GrafanaTheme2,
  now: () => ChartPlan,
): void {
  const lane = (): Lane | undefined => now().lanes.find((one) => one.key === key);
  const range = (): LaneRange => now().ranges[key] ?? { low: 0, high: 1, log: false };
  builder.addScale({
    scaleKey: key,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    auto: true,
    range: () => scaleRange(range(), lane() ?? { from: 0, to: 1 }),
  });
  builder.addAxis({
    scaleKey: key,
    placement: AxisPlacement.Left,
    theme,
    // All lanes' axes stand in one column: uPlot gives it room for the last one only.
    size: isLast ? Y_AXIS_PX : 0,
    grid: { show: true },
    splits: (plot) => {
      const { from, to } = lane() ?? { from: 0, to: 1 };
      const { low, high, log } = range();
      const most = Math.max(1, Math.floor((plotPx(plot) * (to - from)) / TICK_PX));
      return (log ? logTicks : linearTicks)(low, high, most).map((value) => project(value, { log }));
    },
    filter: (_, splits) => splits,
    values: (_, splits) => {
      const { log } = range();
      return splits.map((place) => formatMeasure(measure, log ? Number((10 ** place).toPrecision(6)) : place));
    },
  });
}

function addLine(builder: UPlotConfigBuilder, line: LinePlan, theme: GrafanaTheme2): void {
  builder.addSeries({
    scaleKey: line.laneKey,
    theme,
    drawStyle: GraphDrawStyle.Line,
    lineColor: line.color,
    lineWidth: line.widthPx,
    lineStyle: line.dash.length > 0 ? { fill: 'dash', dash: [...line.dash] } : { fill: 'solid' },
    showPoints: line.pointPx > 0 ? VisibilityMode.Always : VisibilityMode.Never,
    pointSize: line.pointPx,
    spanNulls: line.pointPx > 0,
    pxAlign: false,
  });
}
