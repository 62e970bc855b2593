import React, { useCallback, useMemo } from 'react';
import { dateTimeFormat } from '@grafana/data';
import type uPlot from 'uplot';
import { Legend } from '../components/Legend.js';
import { LevelStrip } from '../components/LevelStrip.js';
import type { SweepWindow } from '../data/model.js';
import { endOf, layoutBands, openEnd, type Band } from '../draw/bands.js';
import { plotBox, xToPx } from '../draw/geometry.js';
import { project } from '../draw/lanes.js';
import { paintBands } from '../draw/paint-bands.js';
import { paintLaneTitles, paintSloLines } from '../draw/paint-lanes.js';
import { paintTimeMarks } from '../draw/paint-time-marks.js';
import { bandStrip } from '../draw/strip.js';
import { surfaceOf } from '../draw/surface.js';
import { timelineReadout, type Readout } from '../plan/readout.js';
import { planTimeline, type TimelinePlan } from '../plan/timeline.js';
import { SweepChart } from './SweepChart.js';
import { useHidden } from './use-hidden.js';
import { LEGEND_PX, STRIP_PX, type ViewProps } from './views.js';

/** Room on both sides of a level that was zoomed to, as a share of its length. */
const ZOOM_MARGIN = 0.08;

/** Series over time, with the levels as bands behind them. */
export function TimelineView(props: ViewProps) {
  const { model, current, options, palette, width, height, timeRange, timeZone, onZoom } = props;
  const [hidden, toggle] = useHidden();
  const chartPx = Math.max(60, height - STRIP_PX - (options.showLegend ? LEGEND_PX : 0));
  const box = plotBox(width, chartPx);
  const [fromMs, toMs] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const plan = useMemo(
    () => planTimeline({ model, current, options, palette, fromMs, toMs, plotPx: box.height, hidden }),
    [model, current, options, palette, fromMs, toMs, box.height, hidden],
  );
  const bands = bandsOf(
    plan,
    (timeMs) => xToPx(box, plan.x, timeMs),
    { left: box.left, right: box.left + box.width },
    model.newestMs,
  );
  const end = endOfOpen(plan, model.newestMs);
  const painters = usePainters(plan, props);
  const zoomTo = (window: SweepWindow): void => {
    const to = endOf(window, undefined, end);
    const margin = (to - window.startMs) * ZOOM_MARGIN;
    onZoom(window.startMs - margin, to + margin);
  };
  const formatTime = (timeMs: number): string => dateTimeFormat(timeMs, { timeZone });
  return (
    <>
      <LevelStrip items={bandStrip(bands)} label="Levels" onPick={(index) => zoomTo(bands[index]!.window)} />
      <SweepChart
        {...props}
        {...painters}
        plan={plan}
        height={chartPx}
        label="Sweep over time"
        hidden={hidden}
        readout={(timeMs) => timelineReadout(plan, timeMs, end, formatTime)}
        links={(timeMs) => plan.series.flatMap(({ source }) => props.linksOf(source, timeMs))}
        onZoom={onZoom}
        onZoomTo={({ window }: Readout) => window !== null && zoomTo(window)}
      />
      {options.showLegend && <TimelineLegend {...{ plan, bands, hidden, options, palette }} onToggle={toggle} />}
    </>
  );
}

interface LegendProps extends Pick<ViewProps, 'options' | 'palette'> {
  plan: TimelinePlan;
  bands: readonly Band[];
  hidden: ReadonlySet<string>;
  onToggle: (key: string) => void;
}

function TimelineLegend({ plan, bands, options, ...rest }: LegendProps) {
  const verdicts = new Set(bands.map(({ verdict }) => verdict));
  const hatched = options.showWarmup && bands.some(({ left, measureLeft }) => measureLeft > left);
  return <Legend {...rest} lines={plan.lines} verdicts={verdicts} hatched={hatched} />;
}

function endOfOpen({ runs, x }: TimelinePlan, newestMs: number): number {
  const last = runs.at(-1);
  return last === undefined ? x.max : openEnd(last, newestMs, x.max);
}

function bandsOf(
  plan: TimelinePlan,
  toPx: (timeMs: number) => number,
  clip: { left: number; right: number },
  newestMs: number,
): Band[] {
  return plan.runs.flatMap((run) => layoutBands(run, toPx, clip, openEnd(run, newestMs, plan.x.max)));
}

function usePainters(plan: TimelinePlan, { model, palette, marks, options }: ViewProps) {
  const paintUnder = useCallback(
    (plot: uPlot) => {
      const surface = surfaceOf(plot);
      const clip = { left: surface.left, right: surface.left + surface.width };
      const bands = bandsOf(plan, (timeMs) => plot.valToPos(timeMs, 'x', true), clip, model.newestMs);
      const shown = options.showWarmup ? bands : bands.map((band) => ({ ...band, measureLeft: band.left }));
      paintBands(surface, shown, palette);
    },
    [plan, model, palette, options.showWarmup],
  );
  const paintOver = useCallback(
    (plot: uPlot) => {
      const surface = surfaceOf(plot);
      const toPx = (value: number, key: string): number => plot.valToPos(project(value, plan.ranges[key]!), key, true);
      paintLaneTitles(surface, plan.lanes, (key) => plan.ranges[key]!.log, palette);
      paintSloLines(surface, plan.sloLines, toPx, palette);
      paintTimeMarks(surface, marks, (timeMs) => plot.valToPos(timeMs, 'x', true), palette);
    },
    [plan, palette, marks],
  );
  return { paintUnder, paintOver };
}
