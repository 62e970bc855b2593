import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';

/** A query of a panel. */
export interface Target {
  readonly expr: string;
  /** Legend of its series, e.g. `{{instance}}`. */
  readonly legend?: string;
  /** One value each instead of a line. */
  readonly instant?: boolean;
  /** Rows and columns instead of series. */
  readonly table?: boolean;
}

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/** `A`, `B`, … `Z`, `AA`. */
export function refIdOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${refIdOf(Math.floor(index / 26) - 1)}${last}`;
}

/** Queries for the foundation SDK, refIds in order. */
export function queriesOf(targets: readonly Target[]): prometheus.DataqueryBuilder[] {
  return targets.map(({ expr, legend, instant, table }, index) => {
    const query = new prometheus.DataqueryBuilder()
      .refId(refIdOf(index))
      .expr(expr)
      .datasource(DATASOURCE)
      .editorMode(prometheus.QueryEditorMode.Code)
      .format(table === true ? prometheus.PromQueryFormat.Table : prometheus.PromQueryFormat.TimeSeries);
    if (instant === true) query.instant();
    else query.range();
    return legend === undefined ? query : query.legendFormat(legend);
  });
}

/** Marks the series of a query for the panel: functions and sums drop the metric's name, which would tell it else. */
export function withRole(role: string, expr: string): string {
  return `label_replace(${expr}, "role", "${role}", "", "")`;
}
