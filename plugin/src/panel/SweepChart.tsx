import React, { useCallback, useEffect, useMemo, useRef } from 'react';
import type { EventBus, LinkModel } from '@grafana/data';
import { EventBusPlugin, KeyboardPlugin, UPlotChart, useStyles2, useTheme2 } from '@grafana/ui';
import type uPlot from 'uplot';
import { chartStyles } from '../components/styles.js';
import { SweepTooltip } from '../components/SweepTooltip.js';
import { plotBox, xToPx } from '../draw/geometry.js';
import type { Palette } from '../draw/palette.js';
import { paintPin } from '../draw/paint-time-marks.js';
import { surfaceOf } from '../draw/surface.js';
import { structureKey, type ChartPlan } from '../plan/chart-plan.js';
import type { Readout } from '../plan/readout.js';
import { buildChart, type ChartLife } from './build-chart.js';
import { usePinned } from './use-pinned.js';

export interface SweepChartProps {
  plan: ChartPlan;
  palette: Palette;
  width: number;
  height: number;
  timeZone: string;
  label: string;
  /** Id of the element that says in words what the chart shows. */
  describedBy: string;
  hidden: ReadonlySet<string>;
  paintUnder: (plot: uPlot) => void;
  paintOver: (plot: uPlot) => void;
  /** `x` in the axis's terms. */
  readout: (x: number) => Readout | null;
  links: (x: number) => readonly LinkModel[];
  onZoom?: ((from: number, to: number) => void) | undefined;
  /** Zooms to what the pinned tooltip tells of. */
  onZoomTo?: ((readout: Readout) => void) | undefined;
  sync: { key: string; eventBus: EventBus } | null;
}

/** A drag narrower than this was a click. */
const LEAST_DRAG_PX = 5;

/** One uPlot that lives as long as the plan's structure stays; data, ranges and bands are pushed into it. */
export function SweepChart(props: SweepChartProps) {
  const { plan, palette, width, height, timeZone, label, describedBy, hidden, sync } = props;
  const theme = useTheme2();
  const styles = useStyles2(chartStyles);
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const pin = usePinned(root, plan.x.kind);
  const life = useRef<ChartLife>(undefined as never);
  life.current = lifeOf(props, pin);
  const key = structureKey(plan);
  const builder = useMemo(
    () =>
      buildChart(
        life.current.plan,
        { theme, timeZone, label, describedBy, syncKey: sync?.key ?? null },
        () => life.current,
      ),
    // Only what the chart is made of: all else it reads from `life`.
    [key, theme, timeZone, label, describedBy, sync?.key],
  );
  const setChart = useCallback((plot: uPlot) => (chart.current = plot), []);
  useEffect(() => pushChanges(chart.current, plan, hidden), [plan, hidden, builder, width, height]);
  useEffect(() => chart.current?.redraw(false, false), [pin.place?.pinned, pin.place?.x]);
  const readout = pin.place === null ? null : props.readout(pin.place.x);
  return (
    <div ref={root} className={styles.wrap} onKeyDown={(event) => pin.onKey(event, chart.current)}>
      <UPlotChart
        key={builder.uid}
        config={builder}
        data={plan.columns as uPlot.AlignedData}
        width={width}
        height={height}
        plotRef={setChart}
      >
        <KeyboardPlugin config={builder} />
        {sync !== null && <EventBusPlugin config={builder} eventBus={sync.eventBus} />}
      </UPlotChart>
      {pin.place !== null && readout !== null && (
        <SweepTooltip
          readout={readout}
          palette={palette}
          pinned={pin.place.pinned}
          at={pin.at(xToPx(plotBox(width, height), plan.x, pin.place.x))}
          links={pin.place.pinned ? distinct(props.links(pin.place.x)) : []}
          onZoom={props.onZoomTo && (() => props.onZoomTo!(readout))}
          onClose={pin.close}
        />
      )}
    </div>
  );
}

/** A link that every series has is shown once. */
function distinct(links: readonly LinkModel[]): LinkModel[] {
  return [...new Map(links.map((link) => [`${link.href} ${link.title}`, link])).values()];
}

/** What uPlot would miss: UPlotChart forgets data that come together with a new size. */
function pushChanges(plot: uPlot | null, plan: ChartPlan, hidden: ReadonlySet<string>): void {
  if (plot === null) return;
  plan.lines.forEach(({ key }, index) => {
    const series = plot.series[index + 1];
    if (series !== undefined && series.show === hidden.has(key)) plot.setSeries(index + 1, { show: !hidden.has(key) });
  });
  if ((plot.data as unknown) !== plan.columns && plot.series.length === plan.columns.length)
    plot.setData(plan.columns as uPlot.AlignedData);
}

function lifeOf(props: SweepChartProps, pin: ReturnType<typeof usePinned>): ChartLife {
  const { plan, palette, onZoom } = props;
  return {
    plan,
    paintUnder: props.paintUnder,
    paintOver: (plot) => {
      props.paintOver(plot);
      if (pin.place?.pinned === true) paintPin(surfaceOf(plot), plot.valToPos(pin.place.x, 'x', true), palette);
    },
    onCursor: pin.onCursor,
    onClick: pin.onClick,
    onSelect: (plot) => {
      const { left, width } = plot.select;
      if (width >= LEAST_DRAG_PX) {
        pin.noteDrag();
        onZoom?.(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
      }
      if (width > 0) plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    },
    onDoubleClick: () => {
      const half = (plan.x.max - plan.x.min) / 2;
      onZoom?.(plan.x.min - half, plan.x.max + half);
    },
  };
}
