import * as z from 'zod';
import { showValue } from './problems.js';
import { closestTo } from './suggestions.js';

/** A fragment of JSON Schema, as editors get it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A value of the spec: takes what YAML gives, gives the resolved form. */
export type Field<T> = z.ZodType<T>;

export interface FailOptions {
  hint?: string;
  /** Below the field itself, e.g. `[2]` for the third item. */
  path?: PropertyKey[];
}

/** Notes one problem of the value that is being read; may be called more than once. */
export type Fail = (message: string, options?: FailOptions) => undefined;

/** A field that is read by hand, so that its messages can be exact. `read` gives undefined only after `fail`. */
export function field<T>(schema: JsonSchema, read: (value: unknown, fail: Fail) => T | undefined): Field<T> {
  const reader = z.unknown().transform((value, context): T => {
    const result = read(value, (message, options) => reject(context, message, options));
    return result === undefined ? z.NEVER : result;
  });
  return reader.meta(schema);
}

interface IssueSink {
  value: unknown;
  issues: unknown[];
}

/** Notes a problem from inside a zod transform. */
export function reject(sink: IssueSink, message: string, { hint, path }: FailOptions = {}): undefined {
  sink.issues.push({ code: 'custom', message, params: { hint: hint ?? null }, path: path ?? [], input: sink.value });
  return undefined;
}

/** `must be a number, got "x"`, or `is missing: it must be a number`. */
export function expected(what: string, value: unknown): string {
  return value === undefined ? `is missing: it must be ${what}` : `must be ${what}, got ${showValue(value)}`;
}

export interface NumberLimits {
  min?: number;
  max?: number;
  /** False: the minimum itself is refused. */
  minIncluded?: boolean;
}

function within(value: number, { min = -Infinity, max = Infinity, minIncluded = true }: NumberLimits): boolean {
  return (minIncluded ? value >= min : value > min) && value <= max;
}

function limitsSchema({ min, max, minIncluded = true }: NumberLimits): JsonSchema {
  return {
    ...(min === undefined ? {} : minIncluded ? { minimum: min } : { exclusiveMinimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}

/** A number within limits; `what` says so in words: `a number from 0 to 2`. */
export function number(what: string, description: string, limits: NumberLimits = {}): Field<number> {
  return field({ type: 'number', ...limitsSchema(limits), description }, (value, fail) =>
    typeof value === 'number' && Number.isFinite(value) && within(value, limits) ? value : fail(expected(what, value)),
  );
}

/** A whole number within limits. */
export function integer(what: string, description: string, limits: NumberLimits = {}): Field<number> {
  return field({ type: 'integer', ...limitsSchema(limits), description }, (value, fail) =>
    Number.isSafeInteger(value) && within(value as number, limits) ? (value as number) : fail(expected(what, value)),
  );
}

/** A whole number from 1. */
export function positiveInteger(description: string, max?: number): Field<number> {
  const what = max === undefined ? 'a positive integer' : `a whole number from 1 to ${max}`;
  return integer(what, description, { min: 1, ...(max === undefined ? {} : { max }) });
}

/** The seed of a random generator: any 32-bit whole number from 0. */
export function seed(): Field<number> {
  return integer('a whole number from 0 to 4294967295', 'Equal seeds ask equal questions.', {
    min: 0,
    max: 2 ** 32 - 1,
  });
}

export function flag(description: string): Field<boolean> {
  return field({ type: 'boolean', description }, (value, fail) =>
    typeof value === 'boolean' ? value : fail(expected('true or false', value)),
  );
}

/** Non-empty text. Numbers are refused with the hint to quote them: YAML would turn `1.10` into 1.1. */
export function text(what: string, description: string): Field<string> {
  return field({ type: 'string', minLength: 1, description }, (value, fail) => {
    if (typeof value === 'string' && value.trim() !== '') return value;
    const hint = typeof value === 'number' || typeof value === 'boolean' ? { hint: `quote it: "${value}"` } : {};
    return fail(expected(what, value), hint);
  });
}

/** One word of a few; `later` are words of the design that this version does not have yet. */
export function oneOf<const T extends string>(
  words: readonly T[],
  description: string,
  later: readonly string[] = [],
): Field<T> {
  return field<T>({ type: 'string', enum: [...words], description }, (value, fail) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const list = words.join(', ');
    if (typeof value === 'string' && later.includes(value)) {
      return fail(`${showValue(value)} is not available in this version yet`, { hint: `use one of: ${list}` });
    }
    const close = typeof value === 'string' ? closestTo(value, words) : null;
    return fail(expected(`one of ${list}`, value), close === null ? {} : { hint: `did you mean ${close}?` });
  });
}

/** True for a YAML map, false for lists, scalars and nothing. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar or, when a map is written, the map's own schema; messages are those of the form that was chosen. */
export function scalarOrMap<S, M>(scalar: Field<S>, map: z.ZodType<M>, description: string): Field<S | M> {
  const reader = z.unknown().transform((value, context): S | M => {
    const schema: z.ZodType<S | M> = isMap(value) ? map : scalar;
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    const sink: IssueSink = context;
    sink.issues.push(...result.error.issues);
    return z.NEVER;
  });
  return reader.meta({ anyOf: [inputSchema(scalar), inputSchema(map)], description });
}

/** The JSON Schema of what may be written for `schema`. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  const generated: Record<string, unknown> = { ...z.toJSONSchema(schema, { io: 'input' }) };
  delete generated['$schema'];
  delete generated['~standard'];
  return generated;
}
