import type { EventBus, LinkModel, TimeRange } from '@grafana/data';
import type { SweepModel, SweepRun } from '../data/model.js';
import type { TimeMark } from '../draw/paint-time-marks.js';
import type { Palette } from '../draw/palette.js';
import type { SweepOptions } from '../options/options.js';

/** What every view is given. */
export interface ViewProps {
  model: SweepModel;
  current: SweepRun | null;
  baseline: SweepRun | null;
  options: SweepOptions;
  palette: Palette;
  width: number;
  height: number;
  timeRange: TimeRange;
  timeZone: string;
  marks: readonly TimeMark[];
  describedBy: string;
  sync: { key: string; eventBus: EventBus } | null;
  /** Links of a line's field at a time. */
  linksOf: (source: { frame: number; field: number }, timeMs: number) => readonly LinkModel[];
  onZoom: (fromMs: number, toMs: number) => void;
}

/** Heights of what lies around a chart, CSS pixels. */
export const STRIP_PX = 22;
export const LEGEND_PX = 24;
