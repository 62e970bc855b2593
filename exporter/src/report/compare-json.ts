import type { RunComparison } from '../analysis/compare/types.js';

/** Version of the shape of a comparison's JSON. */
const COMPARE_SCHEMA_VERSION = 1;

/** A comparison for programs: as it is, unknown numbers null. */
export function renderCompareJson(comparison: RunComparison): string {
  const known = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? (Number.isFinite(value) ? Number(value.toPrecision(9)) : null) : value;
  return `${JSON.stringify({ schemaVersion: COMPARE_SCHEMA_VERSION, ...comparison }, known, 2)}\n`;
}
