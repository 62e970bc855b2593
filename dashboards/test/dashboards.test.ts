import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { dashboardFiles } from '../src/generated-files.js';
import { metricNames } from '../../provisioning/test/support/promql-names.js';
import { knownSeries } from '../../provisioning/test/support/known-metrics.js';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: { refId: string; expr: string; datasource: { uid: string } }[];
  fieldConfig?: { defaults?: { unit?: string } };
  panels?: Panel[];
}

interface Dashboard {
  uid: string;
  title: string;
  schemaVersion: number;
  refresh: string;
  tags: string[];
  timepicker: { refresh_intervals: string[] };
  templating: { list: { name: string; query: unknown; type: string }[] };
  panels: Panel[];
}

const ROOT = new URL('../../', import.meta.url);
const FILES = Object.entries(dashboardFiles());
const DASHBOARDS = FILES.map(([path, text]): [string, Dashboard] => [path, JSON.parse(text) as Dashboard]);
const shown = ({ panels }: Dashboard): Panel[] => panels.filter(({ type }) => type !== 'row');

describe('dashboards', () => {
  it.each(FILES)('%s is what `npm run generate` writes', (path, text) => {
    expect(readFileSync(new URL(path, ROOT), 'utf8')).toBe(text);
  });

  it('have uids and titles of their own', () => {
    expect(new Set(DASHBOARDS.map(([, { uid }]) => uid)).size).toBe(DASHBOARDS.length);
    expect(new Set(DASHBOARDS.map(([, { title }]) => title)).size).toBe(DASHBOARDS.length);
  });

  it.each(DASHBOARDS)('%s is classic JSON for provisioning and import alike', (_path, dashboard) => {
    expect(dashboard).toMatchObject({ schemaVersion: 42, tags: ['sweepscope'] });
    expect(dashboard).not.toHaveProperty('elements');
    expect(dashboard).not.toHaveProperty('__inputs');
  });

  it.each(DASHBOARDS)(
    '%s may refresh every second, and is saved with what a stock Grafana takes',
    (_path, dashboard) => {
      expect(dashboard.timepicker.refresh_intervals).toContain('1s');
      expect(['5s', '30s']).toContain(dashboard.refresh);
    },
  );

  it.each(DASHBOARDS)('%s asks the data source that its variable chooses', (_path, dashboard) => {
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const { datasource, targets = [] } of shown(dashboard)) {
      expect(datasource?.uid).toBe('${datasource}');
      for (const target of targets) expect(target.datasource.uid).toBe('${datasource}');
    }
  });

  it.each(DASHBOARDS)('%s explains every panel', (_path, dashboard) => {
    const silent = shown(dashboard).filter(({ description = '' }) => description.length < 10);
    expect(silent.map(({ title }) => title)).toEqual([]);
  });

  it.each(DASHBOARDS)('%s has panels that neither overlap nor leave the grid', (_path, dashboard) => {
    const cells = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          const cell = `${x},${y}`;
          if (cells.has(cell)) throw new Error(`${title} lies over another panel at ${cell}`);
          cells.add(cell);
        }
      }
    }
  });

  it.each(DASHBOARDS)('%s uses only variables that it has', (_path, dashboard) => {
    const own = new Set(dashboard.templating.list.map(({ name }) => name));
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z_]\w*)/g)].map(([, name]) => name!);
    const unknown = used.filter((name) => !own.has(name) && !name.startsWith('__'));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it.each(DASHBOARDS)('%s queries only metrics that somebody exposes or records', (_path, dashboard) => {
    const known = knownSeries();
    const exprs = [
      ...shown(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...variableExprs(dashboard),
    ];
    const unknown = exprs.flatMap(metricNames).filter((name) => !known.has(name));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it.each(FILES)('%s never passes off missing data as zero', (_path, text) => {
    expect(text).not.toMatch(/or\s+(on\s*\([^)]*\)\s*)?vector\(/);
  });

  it.each(DASHBOARDS)('%s takes rates over intervals that fit the scrape', (_path, dashboard) => {
    const exprs = shown(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const fixed = exprs.filter((expr) => /(?:rate|increase)\([^[]*\[(?!\$__rate_interval|[12]m\])/.test(expr));
    expect(fixed).toEqual([]);
  });
});

/** Selectors inside `label_values(…, label)`. */
function variableExprs({ templating }: Dashboard): string[] {
  return templating.list.flatMap(({ query }) => {
    const text = typeof query === 'string' ? query : ((query as { query?: string }).query ?? '');
    const selector = /^label_values\((.*),\s*\w+\)$/.exec(text)?.[1];
    return selector === undefined ? [] : [selector];
  });
}
