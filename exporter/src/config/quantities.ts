import { expected, field } from './fields.js';
import type { Field } from './fields.js';

const PERCENT = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*%$/;
const PERCENT_PATTERN = '^[0-9]+(\\.[0-9]+)?\\s*%$';

/** The ratio of `1%`, `0.5 %`; NaN for anything else. */
export function parsePercent(text: string): number {
  const digits = PERCENT.exec(text)?.[1];
  if (digits === undefined) return NaN;
  return digits.includes('e') ? Number(digits) / 100 : Number(`${digits}e-2`);
}

/** Writes a ratio as `1%`, or as the bare ratio where a percentage would not read back to the same number. */
export function formatPercent(ratio: number): string | number {
  const text = `${Number((ratio * 100).toPrecision(15))}%`;
  return parsePercent(text) === ratio ? text : ratio;
}

/** A share: `1%`, or a ratio below 1. A bare 1 is refused, since it could mean either 1 % or everything. */
export function share(description: string): Field<number> {
  const schema = {
    anyOf: [
      { type: 'string', pattern: PERCENT_PATTERN },
      { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    ],
    description,
  };
  return field(schema, (value, fail) => {
    const ratio = typeof value === 'string' ? parsePercent(value.trim()) : value;
    const bareOne = typeof value === 'number' && value >= 1;
    if (typeof ratio === 'number' && ratio >= 0 && ratio <= 1 && !bareOne) return ratio;
    const message = expected('a share from 0% to 100%, or a ratio from 0 to 1', value);
    const percent = typeof value === 'number' && value >= 1 && value <= 100;
    return fail(message, percent ? { hint: `write "${value}%" (or ${Number(`${value}e-2`)})` } : {});
  });
}

const BYTE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const BYTES = /^(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** A size in bytes: `10GB`, `512MiB`, or the bare number. */
export function byteCount(description: string): Field<number> {
  const schema = {
    anyOf: [
      { type: 'string', pattern: BYTES.source },
      { type: 'integer', minimum: 1 },
    ],
    description,
  };
  return field(schema, (value, fail) => {
    const match = typeof value === 'string' ? BYTES.exec(value.trim()) : null;
    const bytes = match === null ? value : Math.round(Number(match[1]) * BYTE_UNITS[match[2]!]!);
    if (Number.isSafeInteger(bytes) && (bytes as number) >= 1) return bytes as number;
    return fail(expected('a size such as 10GB or 512MiB', value));
  });
}

/** Writes bytes in the largest decimal unit that divides them. */
export function formatByteCount(bytes: number): string {
  const unit = (['TB', 'GB', 'MB', 'kB'] as const).find((name) => bytes % BYTE_UNITS[name]! === 0) ?? 'B';
  return `${bytes / BYTE_UNITS[unit]!}${unit}`;
}
