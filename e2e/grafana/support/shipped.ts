import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ROOT } from './environment.js';

/** A dashboard as it is shipped. */
export interface Dashboard {
  file: string;
  uid: string;
  title: string;
  /** Titles of its panels, without rows. */
  panels: string[];
  /** How far down its lowest panel reaches, in rows of Grafana's grid. */
  rows: number;
}

interface DashboardJson {
  uid: string;
  title: string;
  panels: { type: string; title: string; gridPos: { y: number; h: number } }[];
}

/** All dashboards of the folder `dashboards`. */
export function dashboards(): Dashboard[] {
  const files = readdirSync(`${ROOT}dashboards`).filter((name) => name.endsWith('.json'));
  return files.map((name) => {
    const { uid, title, panels } = JSON.parse(readFileSync(`${ROOT}dashboards/${name}`, 'utf8')) as DashboardJson;
    return {
      file: name.replace('.json', ''),
      uid,
      title,
      panels: panels.filter(({ type }) => type !== 'row').map((panel) => panel.title),
      rows: Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h)),
    };
  });
}

/** Names of Grafana's own copies of the alerts. */
export function alertNames(): string[] {
  const text = readFileSync(`${ROOT}provisioning/grafana/alerting/rules.yml`, 'utf8');
  const { groups } = parse(text) as { groups: { rules: { title: string }[] }[] };
  return groups.flatMap(({ rules }) => rules.map(({ title }) => title));
}
