import { readFileSync } from 'node:fs';
import { dashboardFiles } from '../../../dashboards/src/generated-files.js';

/** One query of one panel. */
export interface PanelTarget {
  /** `dashboards/x.json · Panel title · A` */
  where: string;
  expr: string;
  legend: string;
  instant: boolean;
}

interface Panel {
  title: string;
  targets?: { refId: string; expr: string; legendFormat?: string; instant?: boolean }[];
}

/** Every query of every panel of every dashboard as it is shipped. */
export function panelTargets(): PanelTarget[] {
  return Object.keys(dashboardFiles()).flatMap((path) => {
    const { panels } = JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as {
      panels: Panel[];
    };
    return panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ refId, expr, legendFormat = '', instant = false }) => ({
        where: `${path} · ${title} · ${refId}`,
        expr,
        legend: legendFormat,
        instant,
      })),
    );
  });
}

/** Replaces variables as Grafana does; those that are not given match everything. */
export function fillIn(expr: string, variables: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$\{?(\w+)\}?/g, (_all, name: string) => variables[name] ?? '.*');
}

/** Labels that a legend needs. */
export function legendLabels(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name!);
}
