import type * as z from 'zod';
import { isMap } from './fields.js';
import { formatPath, showValue } from './problems.js';
import { keysAt, knownPaths } from './spec-paths.js';
import { closestTo } from './suggestions.js';
import { WORKLOAD_KINDS } from './workload-schema.js';

/** A problem before it is known where its value came from. */
export interface PlacelessProblem {
  path: PropertyKey[];
  message: string;
  hint: string | null;
}

type Issue = z.core.$ZodIssue;

/** Says in our words what zod found wrong. */
export function problemsOfIssue(issue: Issue): PlacelessProblem[] {
  switch (issue.code) {
    case 'custom': {
      const hint: unknown = issue.params?.['hint'];
      return [{ path: issue.path, message: issue.message, hint: typeof hint === 'string' ? hint : null }];
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(issue.path, key, issue.input));
    case 'invalid_union':
      return [unknownKind(issue)];
    case 'invalid_type':
      return [{ path: issue.path, message: wrongShape(issue.expected, issue.input, issue.path), hint: null }];
    case 'invalid_key':
      return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message, hint: null }];
    case 'too_small':
      return [{ path: issue.path, message: 'must not be empty', hint: null }];
    default:
      return [{ path: issue.path, message: issue.message, hint: null }];
  }
}

function wrongShape(expected: string, input: unknown, path: PropertyKey[]): string {
  const what = expected === 'array' ? 'a list' : path.length === 0 ? 'a map with target, load and workload' : 'a map';
  return input === undefined ? `is missing: it must be ${what}` : `must be ${what}, got ${showValue(input)}`;
}

function unknownKey(path: PropertyKey[], key: string, written: unknown): PlacelessProblem {
  const full = [...path, key];
  return { path: full, message: 'is not a key of the spec', hint: keyHint(path, key, written) };
}

function keyHint(path: PropertyKey[], key: string, written: unknown): string {
  const here = keysAt(path, written);
  if (keysAt(path, undefined).includes(key)) return `this kind of ${formatPath(path)} has: ${here.join(', ')}`;
  const close = closestTo(key, here);
  if (close !== null) return `did you mean ${close}?`;
  const elsewhere = knownPaths().filter((known) => known.at(-1) === key && known.length > 1);
  if (elsewhere.length === 1) return `did you mean ${elsewhere[0]!.join('.')}?`;
  const place = path.length === 0 ? 'a spec has' : `${formatPath(path)} has`;
  return `${place}: ${here.join(', ')}`;
}

function unknownKind(issue: Issue): PlacelessProblem {
  const written: unknown = isMap(issue.input) ? issue.input['kind'] : undefined;
  const list = WORKLOAD_KINDS.join(', ');
  if (written === undefined) return { path: issue.path, message: `is missing: it must be one of ${list}`, hint: null };
  const close = typeof written === 'string' ? closestTo(written, WORKLOAD_KINDS) : null;
  const hint = close === null ? null : `did you mean ${close}?`;
  return { path: issue.path, message: `must be one of ${list}, got ${showValue(written)}`, hint };
}
