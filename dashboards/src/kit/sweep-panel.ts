import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { PlacedPanel, Size } from './panels.js';
import { DATASOURCE, queriesOf, type Target } from './targets.js';

export const SWEEP_PANEL = 'sweepscope-sweep-panel';

/** The panel's own options, as `plugin/src/options` has them; what is left out takes its default. */
export interface SweepPanelOptions {
  readonly view: 'timeline' | 'curve' | 'levels';
  readonly run: string;
  readonly baseline: string;
  readonly lanes?: readonly string[];
}

/** Our panel. */
export function sweepPanel(
  title: string,
  description: string,
  options: SweepPanelOptions,
  targets: readonly Target[],
  size: Size,
): PlacedPanel {
  const panel = new dashboard.PanelBuilder()
    .type(SWEEP_PANEL)
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .targets(queriesOf(targets))
    .options(options);
  return { panel, ...size };
}
