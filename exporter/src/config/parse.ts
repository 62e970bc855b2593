import { isMap } from './fields.js';
import { problemsOfIssue } from './issue-problems.js';
import { applyOverrides, environmentOverrides } from './overrides.js';
import type { Environment, SpecOverride } from './overrides.js';
import { formatPath } from './problems.js';
import type { SpecProblem } from './problems.js';
import { specSchema } from './spec-schema.js';
import type { SweepSpec } from './spec.js';
import { readYaml } from './yaml-source.js';

export interface ParseOptions {
  /** Where `SWEEPSCOPE_*` is looked up; absent: nowhere (e.g. for the spec of a finished run). */
  env?: Environment;
  /** `--set` and flags, the later over the earlier; all of them over the environment, that over the file. */
  overrides?: readonly SpecOverride[];
  /** The file's name: for problems, and for the name of a sweep that has none. */
  sourceName?: string;
}

export type ParseResult = { spec: SweepSpec } | { problems: SpecProblem[] };

/** Sections that have a default for everything in them, so that they may be written with nothing below. */
const OPTIONAL_SECTIONS = ['request', 'slo', 'deployment', 'output'];

/**
 * Makes a sweep spec of YAML (or JSON) text, the environment and overrides. Pure: reads no file and no `process.env`.
 * Either the spec with all defaults in place, or every problem that was found, in the order of the text.
 */
export function parseSpec(text: string, options: ParseOptions = {}): ParseResult {
  const { env = {}, overrides = [], sourceName = null } = options;
  const source = readYaml(text, sourceName);
  if ('problems' in source) return source;
  if (source.value !== null && !isMap(source.value)) return parseValue(source.value, [], () => placeIn(sourceName, 1));
  const fromEnvironment = environmentOverrides(env, source.value);
  const applied = applyOverrides(source.value ?? {}, [...fromEnvironment.overrides, ...overrides]);
  const placeOf = (path: readonly PropertyKey[]): Place => {
    const override = applied.placed.findLast((placed) => covers(placed.path, path));
    return override ? placeIn(override.origin, null) : placeIn(sourceName, source.lineOf(path));
  };
  const named = withName(applied.value, sourceName);
  return parseValue(named, [...fromEnvironment.problems, ...applied.problems], placeOf);
}

type Place = Pick<SpecProblem, 'line' | 'source'>;

function placeIn(source: string | null, line: number | null): Place {
  return { source, line };
}

function covers(override: readonly PropertyKey[], path: readonly PropertyKey[]): boolean {
  return override.length <= path.length && override.every((part, index) => part === path[index]);
}

function parseValue(
  value: unknown,
  before: readonly SpecProblem[],
  placeOf: (path: readonly PropertyKey[]) => Place,
): ParseResult {
  const result = specSchema.safeParse(value, { reportInput: true });
  const issues = result.success ? [] : result.error.issues.flatMap(problemsOfIssue);
  const problems = issues.map(({ path, message, hint }): SpecProblem => ({
    path: formatPath(path),
    message,
    hint,
    ...placeOf(path),
  }));
  const inOrder = problems.toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0);
  const all = [...before, ...inOrder];
  return result.success && all.length === 0 ? { spec: result.data } : { problems: all };
}

function withName(value: unknown, sourceName: string | null): unknown {
  if (!isMap(value)) return value;
  const isEmpty = (key: string): boolean => value[key] === null && OPTIONAL_SECTIONS.includes(key);
  const filled = Object.fromEntries(Object.entries(value).filter(([key]) => !isEmpty(key)));
  if (filled['name'] !== undefined || sourceName === null) return filled;
  const name = sourceName
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.(ya?ml|json)$/i, '');
  return name === '' ? filled : { name, ...filled };
}
