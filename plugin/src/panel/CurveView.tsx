import React, { useCallback, useMemo } from 'react';
import type uPlot from 'uplot';
import { Legend } from '../components/Legend.js';
import { LevelStrip } from '../components/LevelStrip.js';
import type { SweepRun } from '../data/model.js';
import { plotBox, xToPx } from '../draw/geometry.js';
import { project } from '../draw/lanes.js';
import { paintZones } from '../draw/paint-bands.js';
import { paintMarkers, paintWhiskers } from '../draw/paint-curve.js';
import { paintLaneTitles, paintSloLines } from '../draw/paint-lanes.js';
import { zoneStrip } from '../draw/strip.js';
import { surfaceOf } from '../draw/surface.js';
import { groupZones } from '../draw/zones.js';
import { projectLoad } from '../plan/chart-plan.js';
import { planCurve, type CurvePlan } from '../plan/curve.js';
import { curveReadout, type Readout } from '../plan/readout.js';
import { SweepChart } from './SweepChart.js';
import { useHidden } from './use-hidden.js';
import { LEGEND_PX, STRIP_PX, type ViewProps } from './views.js';

/** Figures over the level: where the run stops serving within its objectives, and where it breaks. */
export function CurveView(props: ViewProps & { run: SweepRun }) {
  const { run, baseline, options, palette, width, height, onZoom } = props;
  const [hidden, toggle] = useHidden();
  const chartPx = Math.max(60, height - STRIP_PX - (options.showLegend ? LEGEND_PX : 0));
  const box = plotBox(width, chartPx);
  const plan = useMemo(
    () => planCurve({ run, baseline, options, palette, plotPx: box.height, hidden }),
    [run, baseline, options, palette, box.height, hidden],
  );
  const { log } = plan.x;
  const toLoad = (x: number): number => (log ? 2 ** x : x);
  const strip = zoneStrip(groupZones(plan.zones), (load) => xToPx(box, plan.x, projectLoad(load, log)));
  return (
    <>
      <LevelStrip items={strip} label="Zones" />
      <SweepChart
        {...props}
        {...usePainters(plan, props)}
        plan={plan}
        height={chartPx}
        label="Figures over the level"
        hidden={hidden}
        readout={(x) => curveReadout(plan, toLoad(x))}
        links={() => []}
        onZoom={undefined}
        onZoomTo={zoomToWindow(onZoom)}
        sync={null}
      />
      {options.showLegend && (
        <Legend
          lines={plan.lines}
          hidden={hidden}
          verdicts={new Set(plan.zones.map(({ verdict }) => verdict))}
          hatched={false}
          palette={palette}
          onToggle={toggle}
        />
      )}
    </>
  );
}

function zoomToWindow(onZoom: ViewProps['onZoom']) {
  return ({ window }: Readout): void => {
    if (window !== null && !Number.isNaN(window.endMs)) onZoom(window.startMs, window.endMs);
  };
}

function usePainters(plan: CurvePlan, { palette }: ViewProps) {
  const paintUnder = useCallback(
    (plot: uPlot) =>
      paintZones(
        surfaceOf(plot),
        plan.zones,
        (load) => plot.valToPos(projectLoad(load, plan.x.log), 'x', true),
        palette,
      ),
    [plan, palette],
  );
  const paintOver = useCallback(
    (plot: uPlot) => {
      const surface = surfaceOf(plot);
      const toPx = (value: number, key: string): number =>
        plot.valToPos(key === 'x' ? projectLoad(value, plan.x.log) : project(value, plan.ranges[key]!), key, true);
      paintLaneTitles(surface, plan.lanes, (key) => plan.ranges[key]!.log, palette);
      paintSloLines(surface, plan.sloLines, toPx, palette);
      paintWhiskers(surface, plan.whiskers, toPx);
      paintMarkers(surface, plan.markers, toPx, palette);
    },
    [plan, palette],
  );
  return { paintUnder, paintOver };
}
