import type { CacheState } from '../analysis/cache-state.js';
import type { TelemetryFigures } from '../measure/telemetry-figures.js';
import type { Role } from '../measure/telemetry-roles.js';
import type { CacheJson, RunTelemetryJson, TelemetryJson } from './telemetry-schema.js';

/** What was seen of servers and GPUs in a run. */
export interface ServerReport {
  /** From the first window to the last. */
  whole: TelemetryFigures;
  /** By upstream. */
  matched: ReadonlyMap<string, ReadonlyMap<Role, string>>;
  /** By id. */
  windows: ReadonlyMap<string, { telemetry: TelemetryFigures | null; cache: CacheState | null }>;
}

const DIGITS = 10;

/** Numbers for JSON: NaN, which it cannot write, is null; no more digits than were measured. */
function forJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
  if (Array.isArray(value)) return value.map(forJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forJson(item)]));
}

/** Null is NaN again, except where null means something of its own. */
function fromJson(value: unknown, key = ''): unknown {
  if (value === null) return key === 'engine' || key === 'source' ? null : NaN;
  if (Array.isArray(value)) return value.map((item) => fromJson(item));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromJson(item, name)]));
}

export function telemetryFigures(figures: TelemetryFigures | null): TelemetryJson | null {
  return figures === null ? null : (forJson(figures) as TelemetryJson);
}

/** Undoes `telemetryFigures`. */
export function telemetryRecord(json: TelemetryJson | null): TelemetryFigures | null {
  return json === null ? null : (fromJson(json) as TelemetryFigures);
}

export function cacheFigures(state: CacheState | null): CacheJson | null {
  return state === null ? null : (forJson(state) as CacheJson);
}

/** Undoes `cacheFigures`. */
export function cacheRecord(json: CacheJson | null): CacheState | null {
  return json === null ? null : (fromJson(json) as CacheState);
}

/** What was seen in one window; nothing where nothing was scraped. */
export function windowTelemetry(
  server: ServerReport | null,
  id: string,
): { telemetry?: TelemetryJson | null; cache?: CacheJson | null } {
  const seen = server?.windows.get(id);
  return seen === undefined ? {} : { telemetry: telemetryFigures(seen.telemetry), cache: cacheFigures(seen.cache) };
}

export function runTelemetry({ whole, matched }: ServerReport): RunTelemetryJson {
  const roles = [...matched].map(([upstream, found]) => [upstream, Object.fromEntries(found)] as const);
  return { figures: forJson(whole) as TelemetryJson, matched: Object.fromEntries(roles) };
}
