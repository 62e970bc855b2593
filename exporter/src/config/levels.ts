import { expected, field } from './fields.js';
import type { Fail, Field } from './fields.js';
import { showValue } from './problems.js';

/** More levels than this are a slip of the pen, not a plan. */
const MAX_LEVELS = 200;
const RANGE = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?:([/*])(.+))?$/;
const NUMBER = /^\d+(?:\.\d+)?$/;
/** How levels may be written. */
export const LEVEL_FORMS = '[1, 2, 4], "50..160/10" (steps of 10) or "1..32*2" (doubling)';

/**
 * The levels of a sweep: a list, one number, or text of numbers and ranges. `50..160/10` goes in steps of 10 (without
 * `/…`: of 1), `1..32*2` multiplies; the end belongs to the range when it is hit. Whether fractions are allowed depends
 * on the arrival and is checked by the load's schema.
 */
export function levels(): Field<number[]> {
  const one = { type: 'number', exclusiveMinimum: 0 };
  const schema = {
    anyOf: [{ type: 'array', minItems: 1, items: one }, { type: 'string' }, one],
    description:
      'Users (closed loop) or requests per second (open loop), in any order; "50..160/10" and "1..32*2" work.',
  };
  return field(schema, (value, fail) => {
    const items = listItems(value);
    if (items === null) return fail(expected(`levels such as ${LEVEL_FORMS}`, value));
    if (items.length === 0) return fail('must not be empty', { hint: `write ${LEVEL_FORMS}` });
    const found = items.map((item, index) =>
      readItem(item, fail, items.length === 1 && !Array.isArray(value) ? [] : [index]),
    );
    if (found.includes(undefined)) return undefined;
    const all = found.flatMap((part) => part ?? []);
    if (all.length <= MAX_LEVELS) return all;
    return fail(`has ${all.length} levels, at most ${MAX_LEVELS} make a sweep`, { hint: 'use a larger step' });
  });
}

function listItems(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === 'number') return [value];
  if (typeof value !== 'string') return null;
  return value.trim() === '' ? [] : value.split(',').map((item) => item.trim());
}

function readItem(item: unknown, fail: Fail, path: PropertyKey[]): number[] | undefined {
  const range = typeof item === 'string' ? RANGE.exec(item) : null;
  if (range !== null) return readRange(range, fail, path);
  const level = typeof item === 'string' && NUMBER.test(item) ? Number(item) : item;
  if (typeof level === 'number' && Number.isFinite(level) && level > 0) return [level];
  return fail(expected('a positive integer', item), { path, ...misread(item) });
}

/** Letters typed for digits: `7O`, `l6`. */
function misread(item: unknown): { hint?: string } {
  if (typeof item !== 'string') return {};
  const digits = item.replace(/[oO]/g, '0').replace(/[lI]/g, '1');
  return digits !== item && NUMBER.test(digits) ? { hint: `did you mean ${digits}?` } : {};
}

function readRange(range: RegExpExecArray, fail: Fail, path: PropertyKey[]): number[] | undefined {
  const [whole, first, last, operator = '/', by = '1'] = range;
  const from = Number(first);
  const to = Number(last);
  const step = Number(by);
  const grows = operator === '*' ? step > 1 : step > 0;
  if (!(from > 0)) return fail(`range must begin above 0, got ${showValue(whole)}`, { path });
  if (to < from) return fail(`range must go upwards, got ${showValue(whole)}`, { path });
  if (!Number.isFinite(step) || !grows) {
    const need = operator === '*' ? 'a factor above 1' : 'a step above 0';
    return fail(`range needs ${need}, got ${showValue(whole)}`, { path });
  }
  const found: number[] = [];
  for (let index = 0; found.length <= MAX_LEVELS; index += 1) {
    const level = Number((operator === '*' ? from * step ** index : from + index * step).toPrecision(12));
    if (level > to) return found;
    found.push(level);
  }
  return fail(`range ${showValue(whole)} has more than ${MAX_LEVELS} levels`, { hint: 'use a larger step', path });
}
