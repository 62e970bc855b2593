import type { SweepLevel, Verdict } from '../data/model.js';

/** One level on the level axis, from the middle between it and its lower neighbour to that with the upper one. */
export interface Zone {
  load: number;
  from: number;
  to: number;
  verdict: Verdict;
  /** Codes, joined by commas; empty: none is known. */
  cause: string;
  running: boolean;
}

/** Zones of one verdict next to each other. */
export interface ZoneGroup {
  from: number;
  to: number;
  verdict: Verdict;
  /** Codes that all of its levels with a cause share, joined by commas. */
  cause: string;
  /** A level that is being measured stands alone. */
  running: boolean;
  loads: readonly number[];
}

/** Zones of levels given by rising load. What lies above the first saturated level counts as saturated. */
export function layoutZones(levels: readonly SweepLevel[], log: boolean): Zone[] {
  const edges = zoneEdges(
    levels.map(({ load }) => load),
    log,
  );
  const saturatedFrom = levels.findIndex(({ verdict }) => verdict === 'saturated');
  return levels.map(({ load, verdict, cause, running }, i) => ({
    load,
    from: edges[i]!,
    to: edges[i + 1]!,
    verdict:
      saturatedFrom >= 0 && i > saturatedFrom && (verdict === 'degrading' || verdict === 'clean')
        ? 'saturated'
        : verdict,
    cause,
    running,
  }));
}

/** n + 1 edges of n rising loads; the outer ones as far out as the neighbouring inner ones are. */
export function zoneEdges(loads: readonly number[], log: boolean): number[] {
  if (loads.length === 0) return [];
  const to = (load: number): number => (log ? Math.log2(load) : load);
  const back = (x: number): number => (log ? 2 ** x : x);
  const xs = loads.map(to);
  if (xs.length === 1) {
    const half = log ? 0.5 : Math.max(loads[0]! / 2, 0.5);
    return [back(xs[0]! - half), back(xs[0]! + half)];
  }
  const middles = xs.slice(1).map((x, i) => (x + xs[i]!) / 2);
  const first = xs[0]! - (middles[0]! - xs[0]!);
  const last = xs.at(-1)! + (xs.at(-1)! - middles.at(-1)!);
  return [first, ...middles, last].map(back);
}

export function groupZones(zones: readonly Zone[]): ZoneGroup[] {
  const groups: ZoneGroup[] = [];
  for (const { load, from, to, verdict, cause, running } of zones) {
    const last = groups.at(-1);
    if (last?.verdict === verdict && last.running === running)
      groups[groups.length - 1] = { ...last, to, cause: sharedCause(last.cause, cause), loads: [...last.loads, load] };
    else groups.push({ from, to, verdict, cause, running, loads: [load] });
  }
  return groups;
}

function sharedCause(a: string, b: string): string {
  if (a === '' || b === '') return a + b;
  const other = new Set(b.split(/,\s*/));
  return a
    .split(/,\s*/)
    .filter((code) => other.has(code))
    .join(', ');
}

/** Levels that double (1, 2, 4, …) are read on a logarithmic axis. */
export function wantsLogAxis(loads: readonly number[]): boolean {
  const first = loads[0] ?? 0;
  if (loads.length < 4 || first <= 0 || loads.at(-1)! / first < 16) return false;
  const steps = loads.slice(1).map((load, i) => load / loads[i]!);
  return Math.max(...steps) / Math.min(...steps) < 1.6;
}
