import type { InputSeries } from './series.js';

/** Labels that tell one deployment of the exporter from another; a restart changes none of them. */
const TARGET_LABELS = ['cluster', 'namespace', 'job'] as const;

/** The exporter's `run` while it only keeps an eye on the server between sweeps. */
const PROBE = 'probe';

/** What belongs to one run. */
export interface RunSeries {
  key: string;
  id: string;
  series: InputSeries[];
}

function scopeOf({ labels }: InputSeries): string {
  return TARGET_LABELS.map((name) => labels[name] ?? '').join('/');
}

/**
 * Groups series by run. A run seen under two instances (a restarted pod) is one; runs of one id under different targets
 * are two, and what a query aggregated over targets counts for both.
 */
export function groupByRun(series: readonly InputSeries[]): RunSeries[] {
  const byId = new Map<string, Map<string, InputSeries[]>>();
  for (const one of series) {
    const id = one.labels.run;
    if (id === undefined || id === '' || id === PROBE) continue;
    let scopes = byId.get(id);
    if (scopes === undefined) byId.set(id, (scopes = new Map<string, InputSeries[]>()));
    const scope = scopeOf(one);
    const members = scopes.get(scope);
    if (members === undefined) scopes.set(scope, [one]);
    else members.push(one);
  }
  return [...byId].flatMap(([id, scopes]) => splitByTarget(id, scopes));
}

const UNSCOPED = TARGET_LABELS.map(() => '').join('/');

function splitByTarget(id: string, scopes: ReadonlyMap<string, InputSeries[]>): RunSeries[] {
  const shared = scopes.get(UNSCOPED) ?? [];
  const targets = [...scopes].filter(([scope]) => scope !== UNSCOPED);
  if (targets.length <= 1) return [{ key: id, id, series: [...shared, ...(targets[0]?.[1] ?? [])] }];
  return targets.map(([scope, own]) => ({ key: `${id} (${scope})`, id, series: [...shared, ...own] }));
}
