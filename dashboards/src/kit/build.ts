/* eslint-disable @typescript-eslint/no-deprecated -- Grafana's file provisioning refuses the bare v2 dashboards that the SDK prefers */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { PlacedPanel } from './panels.js';

/** A titled row of panels, laid out from left to right in lines of 24 columns. */
export interface Section {
  /** Left out: no row heading. */
  readonly title?: string;
  readonly panels: readonly PlacedPanel[];
}

export interface DashboardOptions {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: Parameters<dashboard.DashboardBuilder['variables']>[0];
  readonly from: string;
  readonly refresh: string;
  readonly sections: readonly Section[];
}

const WIDTH = 24;
/** `1s` has to be listed, else Grafana ignores `refresh=1s` without a word; it also has to allow it. */
const REFRESH_INTERVALS = ['1s', '5s', '10s', '30s', '1m', '5m'];

/** The dashboard as classic JSON (schema 42). */
export function buildDashboard(options: DashboardOptions): object {
  const { uid, title, description, variables, from, refresh, sections } = options;
  const builder = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['sweepscope'])
    .timezone('browser')
    .editable()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from, to: 'now' })
    .timepicker(new dashboard.TimePickerBuilder().refreshIntervals(REFRESH_INTERVALS))
    .refresh(refresh)
    .variables(variables)
    .links(linksOf(uid));
  place(builder, sections);
  return { ...builder.build(), schemaVersion: 42, version: 1, id: null };
}

function linksOf(uid: string): dashboard.DashboardLinkBuilder[] {
  return [
    new dashboard.DashboardLinkBuilder('Sweepscope')
      .type(dashboard.DashboardLinkType.Dashboards)
      .tags(['sweepscope'])
      .tooltip('The other dashboards, with the same time and variables')
      .includeVars(true)
      .keepTime(true),
    new dashboard.DashboardLinkBuilder('Refresh every second')
      .type(dashboard.DashboardLinkType.Link)
      .icon('bolt')
      .tooltip('Needs dashboards.min_refresh_interval of 1s, as the provisioned stack has it')
      .url(`/d/${uid}?refresh=1s`)
      .includeVars(true)
      .keepTime(true),
  ];
}

function place(builder: dashboard.DashboardBuilder, sections: readonly Section[]): void {
  let y = 0;
  let id = 1;
  for (const { title, panels } of sections) {
    if (title !== undefined) {
      const row = new dashboard.RowBuilder(title).id(id++).gridPos({ x: 0, y, w: WIDTH, h: 1 });
      builder.withRow(row);
      y += 1;
    }
    let x = 0;
    let height = 0;
    for (const { panel, w, h } of panels) {
      if (x + w > WIDTH) {
        x = 0;
        y += height;
        height = 0;
      }
      panel.gridPos({ x, y, w, h });
      panel.id(id++);
      builder.withPanel(panel);
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
}
