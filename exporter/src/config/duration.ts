import { expected, field } from './fields.js';
import type { Field } from './fields.js';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const DECIMAL_UNITS: Readonly<Record<string, string>> = { us: 'e-6', µs: 'e-6', ms: 'e-3' };
const PART = /(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(us|µs|ms|s|m|h|d)/gy;
const PATTERN = '^([0-9]+(\\.[0-9]+)?(us|µs|ms|s|m|h|d))+$';

/** Seconds of `500ms`, `60s`, `5m`, `1h`, `1m30s` or `-5s`; NaN for anything else. Decimal units are exact. */
export function parseDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = sign < 0 ? text.slice(1) : text;
  let seconds = 0;
  let end = 0;
  for (const part of body.matchAll(PART)) {
    seconds += partSeconds(part[1]!, part[2]!);
    end = part.index + part[0].length;
  }
  return end > 0 && end === body.length ? sign * seconds : NaN;
}

function partSeconds(digits: string, unit: string): number {
  const exponent = DECIMAL_UNITS[unit];
  if (exponent === undefined) return Number(digits) * UNIT_SECONDS[unit]!;
  return digits.includes('e') ? Number(digits) * Number(`1${exponent}`) : Number(`${digits}${exponent}`);
}

/** The shortest usual way to write a duration (seconds ≥ 0) that `parseDuration` reads back to the same number. */
export function formatDuration(seconds: number): string {
  const candidates = [
    ...(seconds >= 3600 ? [`${seconds / 3600}h`] : []),
    ...(seconds >= 60 ? [`${seconds / 60}m`] : []),
    ...(seconds > 0 && seconds < 1 ? [`${Number((seconds * 1000).toPrecision(15))}ms`] : []),
  ];
  const neat = candidates.find((text) => !text.includes('.') && parseDuration(text) === seconds);
  return neat ?? `${seconds}s`;
}

export interface DurationLimits {
  /** Whether 0 is allowed (then it has a meaning of its own); default no. */
  zero?: boolean;
  /** Whether a bare number may stand for seconds; default yes. */
  bare?: boolean;
}

/** A duration in seconds. Latency objectives refuse bare numbers: 600 could be milliseconds. */
export function duration(description: string, { zero = false, bare = true }: DurationLimits = {}): Field<number> {
  const what = `a ${zero ? '' : 'positive '}duration such as 500ms, 60s or 5m${zero ? ', or 0' : ''}`;
  const written = { type: 'string', pattern: PATTERN };
  const seconds = { type: 'number', ...(zero ? { minimum: 0 } : { exclusiveMinimum: 0 }) };
  return field({ ...(bare ? { anyOf: [written, seconds] } : written), description }, (value, fail) => {
    const parsed = typeof value === 'string' ? parseDuration(value.trim()) : bare || value === 0 ? value : NaN;
    if (typeof parsed === 'number' && Number.isFinite(parsed) && (zero ? parsed >= 0 : parsed > 0)) return parsed;
    const ambiguous = !bare && typeof value === 'number' && value > 0;
    const unitless = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
    return fail(expected(what, value), ambiguous || unitless ? { hint: `add the unit: ${value}ms or ${value}s` } : {});
  });
}
