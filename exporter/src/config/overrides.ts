import { parse as parseYaml } from 'yaml';
import { isMap } from './fields.js';
import { formatPath } from './problems.js';
import type { SpecProblem } from './problems.js';
import { hasReference, referencedNames } from './secrets.js';
import { ENVIRONMENT_PREFIX, environmentName, isTextAt, knownPaths, takesFreeNames } from './spec-paths.js';
import { closestTo } from './suggestions.js';

/** A value of the spec that comes from outside the file. */
export interface SpecOverride {
  /** `load.levels`; an index is written `[0]`, and a dot before a digit belongs to the name (`slo.ttft.p99.9`). */
  path: string;
  /** Text is read as on a command line (`1,2,4`, `60s`, `true`, `{uniform: [1, 2]}`); other values are taken as they are. */
  value: unknown;
  /** For problems: `--set`, `--model`, `environment variable SWEEPSCOPE_…`. */
  origin: string;
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PATH = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*$/;
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);
const SCALAR = /^(?:true|false|null|~|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i;

/** Reads the argument of `--set load.levels=1,2,4`. */
export function setOverride(argument: string, origin = '--set'): SpecOverride | SpecProblem {
  const at = argument.indexOf('=');
  if (at > 0) return { path: argument.slice(0, at).trim(), value: argument.slice(at + 1), origin };
  const hint = `write ${origin} path=value, e.g. ${origin} load.levels=1,2,4`;
  return { path: '', message: `has no value: ${JSON.stringify(argument)}`, hint, line: null, source: origin };
}

/** Splits an override's path; null when it is none. */
export function splitPath(path: string): PropertyKey[] | null {
  if (!PATH.test(path)) return null;
  const parts = path
    .split(/\.(?!\d)/)
    .flatMap((part) => part.split(/[[\]]/).filter((piece) => piece !== ''))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return parts.some((part) => UNSAFE.has(String(part))) ? null : parts;
}

/** An override ready to be put in place. */
interface PlacedOverride {
  path: PropertyKey[];
  value: unknown;
  origin: string;
}

/** Puts the overrides into a copy of the written spec, the later over the earlier ones. */
export function applyOverrides(
  written: unknown,
  overrides: readonly SpecOverride[],
): { value: unknown; placed: PlacedOverride[]; problems: SpecProblem[] } {
  const placed: PlacedOverride[] = [];
  const problems: SpecProblem[] = [];
  let value = written;
  for (const override of overrides) {
    const { origin } = override;
    const path = splitPath(override.path);
    try {
      if (path === null) throw new Error(`is not a path of the spec: ${JSON.stringify(override.path)}`);
      const placing = { path, value: readValue(override.value, path), origin };
      value = place(value, path, placing.value);
      placed.push(placing);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ path: path === null ? '' : override.path, message, hint: null, line: null, source: origin });
    }
  }
  return { value, placed, problems };
}

function readValue(value: unknown, path: readonly PropertyKey[]): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (/^[[{"']/.test(text)) return parseYaml(text, { prettyErrors: false, maxAliasCount: 0 }) as unknown;
  if (text === 'null' || text === '~') return null;
  return SCALAR.test(text) && !isTextAt(path) ? (parseYaml(text) as unknown) : text;
}

function place(base: unknown, path: readonly PropertyKey[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const items: unknown[] = Array.isArray(base) ? [...(base as unknown[])] : [];
    if (part > items.length) throw new Error(`has no item [${part}]: the list has ${items.length}`);
    items[part] = place(items[part], rest, value);
    return items;
  }
  const map = isMap(base) ? base : {};
  return { ...map, [part]: place(map[String(part)], rest, value) };
}

/**
 * What `SWEEPSCOPE_*` sets of the spec. Empty variables count as not set. Variables that name no section of the spec
 * belong to others and are left alone; those that name one but no key in it are problems, unless the spec itself takes a
 * key or header from them.
 */
export function environmentOverrides(
  environment: Environment,
  written: unknown,
): { overrides: SpecOverride[]; problems: SpecProblem[] } {
  const paths = new Map(knownPaths().map((path) => [environmentName(path), path]));
  const sections = [...paths].filter(([, path]) => path.length === 1).map(([name]) => name);
  const secrets = secretVariables(written);
  const overrides: SpecOverride[] = [];
  const problems: SpecProblem[] = [];
  const names = Object.keys(environment).filter((name) => name.startsWith(ENVIRONMENT_PREFIX));
  for (const name of names.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    const path = paths.get(name) ?? freePath(name, paths);
    const origin = `environment variable ${name}`;
    if (path !== null) overrides.push({ path: formatPath(path), value, origin });
    else if (!secrets.has(name) && sections.some((section) => name.startsWith(`${section}_`))) {
      const close = closestTo(name, [...paths.keys()]);
      const hint = close === null ? 'no key of the spec has this name' : `did you mean ${close}?`;
      problems.push({ path: '', message: 'sets nothing that a spec has', hint, line: null, source: origin });
    }
  }
  return { overrides, problems };
}

/** `SWEEPSCOPE_SLO_TTFT_P99_9` is `slo.ttft.p99.9`, `SWEEPSCOPE_DEPLOYMENT_KV_DTYPE` is `deployment.kvDtype`. */
function freePath(name: string, paths: ReadonlyMap<string, string[]>): string[] | null {
  for (const [section, path] of paths) {
    if (!name.startsWith(`${section}_`) || !takesFreeNames(path) || path[0] === 'target') continue;
    const rest = name.slice(section.length + 1).toLowerCase();
    if (path[0] === 'slo') return [...path, rest.replace('_', '.')];
    return [...path, rest.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())];
  }
  return null;
}

function secretVariables(written: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (isMap(value) || Array.isArray(value)) for (const [name, child] of Object.entries(value)) visit(child, name);
    else if (typeof value === 'string' && key === 'apiKeyEnv') found.add(value);
    else if (typeof value === 'string' && hasReference(value))
      referencedNames(value).forEach((name) => found.add(name));
  };
  visit(written, '');
  return found;
}
