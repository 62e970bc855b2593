import { isMap } from './fields.js';
import type { JsonSchema } from './fields.js';
import { exportJsonSchema } from './json-schema.js';

/** Begins every environment variable that sets a part of the spec. */
export const ENVIRONMENT_PREFIX = 'SWEEPSCOPE_';

/** The variable of a path: `['load', 'maxInFlight']` is `SWEEPSCOPE_LOAD_MAX_IN_FLIGHT`. */
export function environmentName(path: readonly string[]): string {
  return ENVIRONMENT_PREFIX + path.map(snakeCase).join('_');
}

function snakeCase(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .toUpperCase();
}

/** Every path that a spec may have, sections before what is in them; free names (headers, pairs) are left out. */
export function knownPaths(): readonly string[][] {
  if (collected === null) {
    const found = new Map<string, string[]>();
    collect(exportJsonSchema(), [], found);
    collected = [...found.values()];
  }
  return collected;
}

let collected: readonly string[][] | null = null;

function collect(node: JsonSchema, path: readonly string[], found: Map<string, string[]>): void {
  for (const form of formsOf(node)) {
    for (const [key, child] of Object.entries(propertiesOf(form))) {
      const below = [...path, key];
      found.set(below.join('.'), below);
      collect(child, below, found);
    }
  }
}

/** Keys that may stand at a path, given what is written there (it decides between the kinds of a workload). */
export function keysAt(path: readonly PropertyKey[], written: unknown): string[] {
  const forms = nodesAt(path).flatMap(formsOf);
  const kind = isMap(written) ? written['kind'] : undefined;
  const chosen = forms.filter((form) => propertiesOf(form)['kind']?.['const'] === kind);
  return [...new Set((chosen.length > 0 ? chosen : forms).flatMap((form) => Object.keys(propertiesOf(form))))];
}

/** True when only text may stand at the path, so that an override's `7` stays text. */
export function isTextAt(path: readonly PropertyKey[]): boolean {
  const types = nodesAt(path)
    .flatMap(formsOf)
    .map((form) => form['type']);
  return (
    types.length > 0 && types.every((type) => type === 'string' || String(type) === 'string,null' || type === 'null')
  );
}

/** True when the path's map takes names of the user's own choosing. */
export function takesFreeNames(path: readonly PropertyKey[]): boolean {
  return nodesAt(path)
    .flatMap(formsOf)
    .some((form) => isMap(form['additionalProperties']) || isMap(form['propertyNames']));
}

function nodesAt(path: readonly PropertyKey[]): JsonSchema[] {
  let nodes: JsonSchema[] = [exportJsonSchema()];
  for (const part of path) {
    nodes = nodes.flatMap(formsOf).flatMap((form) => {
      const child = typeof part === 'string' ? propertiesOf(form)[part] : form['items'];
      return isMap(child) ? [child] : [];
    });
  }
  return nodes;
}

function formsOf(node: JsonSchema): JsonSchema[] {
  const alternatives: unknown = node['anyOf'] ?? node['oneOf'];
  return Array.isArray(alternatives) ? alternatives.filter(isMap).flatMap(formsOf) : [node];
}

function propertiesOf(node: JsonSchema): Record<string, JsonSchema> {
  return isMap(node['properties']) ? (node['properties'] as Record<string, JsonSchema>) : {};
}
