import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { duration } from './duration.js';
import { expected, field, number, positiveInteger, reject, type Field } from './fields.js';
import { showValue } from './problems.js';
import { formatPercent, parsePercent } from './quantities.js';
import type { Arrival, SearchSpec, SearchTolerance } from './spec.js';

const MAX_LEVELS = 100;
const defaults = DEFAULTS.load.search;

/** `5%` of the boundary, or a number of users (open loop: requests per second). */
function tolerance(): Field<SearchTolerance> {
  const schema = {
    anyOf: [
      { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?\\s*%$' },
      { type: 'number', exclusiveMinimum: 0 },
    ],
    description: 'How far below the true boundary the highest passing level may lie: 5% of it, or a number of users.',
  };
  return field(schema, (value, fail) => {
    const ratio = typeof value === 'string' ? parsePercent(value.trim()) : NaN;
    if (ratio > 0 && ratio < 1) return { kind: 'relative', ratio };
    if (typeof value === 'number' && value >= 1) return { kind: 'absolute', load: value };
    const hint = typeof value === 'number' && value > 0 ? { hint: `write "${value * 100}%"` } : {};
    return fail(expected('a share such as 5% of the boundary, or a number of users from 1', value), hint);
  });
}

/** `load.search` as written; what is missing comes from the levels, where there are any. */
export const searchSchema = z.strictObject({
  from: number('a number above 0', 'Lowest load to try; default: the lowest level, else 1.', {
    min: 0,
    minIncluded: false,
  }).nullish(),
  to: number('a number above 0', 'Highest load permitted; default: the highest level.', {
    min: 0,
    minIncluded: false,
  }).nullish(),
  tolerance: tolerance().prefault(defaults.tolerance),
  maxLevels: positiveInteger('Most levels to measure.', MAX_LEVELS).prefault(defaults.maxLevels),
  maxDuration: duration('After this much time no further level begins, and the one under way ends.').prefault(
    defaults.maxDuration,
  ),
});

type Context = Parameters<typeof reject>[0];

/** The search of a spec, complete; problems are noted in `context`. */
export function resolveSearch(
  written: z.output<typeof searchSchema>,
  levels: readonly number[],
  arrival: Arrival,
  context: Context,
): SearchSpec {
  const from = written.from ?? (levels.length > 0 ? Math.min(...levels) : 1);
  const to = written.to ?? (levels.length > 0 ? Math.max(...levels) : NaN);
  for (const [key, load] of [['from', from] as const, ['to', to] as const]) {
    const path = ['search', key];
    if (Number.isNaN(load)) {
      reject(context, expected('the highest load to try', undefined), {
        path,
        hint: 'e.g. search: {from: 8, to: 256}',
      });
    } else if (arrival === 'closed' && !Number.isSafeInteger(load)) {
      reject(context, `must be a positive integer, got ${showValue(load)}`, { path });
    }
  }
  if (to < from) reject(context, `must not be below from (${from}), got ${to}`, { path: ['search', 'to'] });
  const { tolerance: close, maxLevels, maxDuration } = written;
  return { from, to, tolerance: close, maxLevels, maxSeconds: maxDuration, refines: levels.length };
}

/** As people write it. */
export function writeTolerance(close: SearchTolerance): string | number {
  return close.kind === 'relative' ? formatPercent(close.ratio) : close.load;
}
