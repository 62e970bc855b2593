/** A JSON object, of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** A finite number; NaN for everything else, null included. */
export function asNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

/** Non-empty text; null for everything else. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The value below a path of keys; undefined where it breaks off. */
export function at(value: unknown, ...path: string[]): unknown {
  let found: unknown = value;
  for (const key of path) found = asObject(found)?.[key];
  return found;
}

/** The first value that is a finite number; NaN when none is. */
export function firstNumber(...values: unknown[]): number {
  return values.map(asNumber).find((value) => !Number.isNaN(value)) ?? NaN;
}

export function firstText(...values: unknown[]): string | null {
  return values.map(asText).find((value) => value !== null) ?? null;
}

/** Whole number of at least 0, or null: what `result.json` takes for a count. */
export function asCount(value: number): number | null {
  return Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}

/** Unix seconds of an ISO time or of `2026-02-25 19:09:22 UTC`; NaN unless it is one. A time without a zone is UTC. */
export function epochOf(value: unknown): number {
  const text = asText(value);
  if (text === null) return NaN;
  const iso = text.trim().replace(' UTC', 'Z').replace(' ', 'T');
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}${iso.includes('T') ? 'Z' : ''}`;
  return Date.parse(zoned) / 1000;
}
