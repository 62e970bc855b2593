import { ENGINES, isRole, type Engine } from '../measure/telemetry-roles.js';
import type { RoleValue } from './page.js';

/** One scrape as `telemetry.jsonl` has it. */
export interface ScrapeEntry {
  /** Seconds since the run began, and Unix time: midway between question and answer. */
  at: number;
  epoch: number;
  upstream: string;
  /** Between two scrapes, seconds. */
  interval: number;
  engine: Engine | null;
  /** Until the answer was there. */
  seconds: number;
  /** null: no answer. */
  values: readonly RoleValue[] | null;
  problem: string;
}

/** `{"at":…,"roles":{"requests_running":{"":3}},…}`: by role, then by `replica`, `replica|device` or nothing. */
export function scrapeLine({ values, problem, epoch, seconds, ...rest }: ScrapeEntry): string {
  const times = { epoch: Math.round(epoch * 1000) / 1000, seconds: Math.round(seconds * 1e6) / 1e6 };
  if (values === null) return JSON.stringify({ ...rest, ...times, problem });
  const roles: Record<string, Record<string, number>> = {};
  for (const { role, replica, device, value } of values) {
    const key = device === '' ? replica : `${replica}|${device}`;
    (roles[role] ??= {})[key] = value;
  }
  return JSON.stringify({ ...rest, ...times, roles });
}

/** A line read back; null: none of ours, or torn by a crash. */
export function readScrapeLine(line: string): ScrapeEntry | null {
  let entry: Partial<ScrapeEntry> & { roles?: Record<string, Record<string, number>> };
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    return null; // the last line of a process that was killed
  }
  const { at, epoch = NaN, upstream, interval = 1, seconds = NaN, engine = null, roles, problem = '' } = entry;
  if (typeof at !== 'number' || typeof upstream !== 'string') return null;
  if (engine !== null && !ENGINES.includes(engine)) return null;
  const values = roles === undefined ? null : Object.entries(roles).flatMap(([role, cells]) => cellsOf(role, cells));
  return { at, epoch, upstream, interval, seconds, engine, values, problem };
}

function cellsOf(role: string, cells: Record<string, number>): RoleValue[] {
  if (!isRole(role)) return [];
  return Object.entries(cells).map(([key, value]) => {
    const split = key.lastIndexOf('|');
    const [replica, device] = split < 0 ? [key, ''] : [key.slice(0, split), key.slice(split + 1)];
    return { role, replica, device, value };
  });
}
