import { parse as parseYaml } from 'yaml';
import { isMap } from '../fields.js';
import { showValue } from '../problems.js';
import type { FlagValues } from './flags.js';

/**
 * A configuration as GuideLLM takes it on its command line: a JSON or YAML map, or `key=value,key=value`. Every key must be
 * read: what is left over in the end is refused by name.
 */
export class ConfigValue {
  private readonly unread: Set<string>;

  constructor(
    readonly flag: string,
    private readonly values: FlagValues,
    private readonly map: Readonly<Record<string, unknown>>,
  ) {
    this.unread = new Set(Object.keys(map));
  }

  static read(flag: string, values: FlagValues, text: string): ConfigValue {
    const map = readMap(text);
    if (map === null) values.fail(`${flag} must be key=value,… or a JSON object, got ${showValue(text)}`);
    return new ConfigValue(flag, values, map ?? {});
  }

  take(key: string): unknown {
    this.unread.delete(key);
    return this.map[key];
  }

  /** null: not there, or wrong (then there is a problem). */
  number(key: string): number | null {
    const value = this.take(key);
    if (value === undefined || value === null) return null;
    const number = Number(value);
    if (Number.isFinite(number) && number >= 0) return number;
    return this.values.fail(`${this.flag} ${key} must be a number from 0, got ${showValue(value)}`);
  }

  text(key: string): string | null {
    const value = this.take(key);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  }

  /** One number or a list of them. */
  numbers(key: string): number[] {
    const value = this.take(key);
    if (value === undefined || value === null) return [];
    const list: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
    const found = list.map(Number);
    if (found.every((number) => number > 0)) return found;
    this.values.fail(`${this.flag} ${key} must be numbers above 0, got ${showValue(value)}`);
    return [];
  }

  object(key: string): Record<string, unknown> {
    const value = this.take(key);
    if (value === undefined || value === null) return {};
    if (isMap(value)) return value;
    this.values.fail(`${this.flag} ${key} must be a map, got ${showValue(value)}`);
    return {};
  }

  /** Takes keys that need no place in a spec. */
  passOver(...keys: string[]): void {
    for (const key of keys) this.unread.delete(key);
  }

  fail(problem: string): void {
    this.values.fail(`${this.flag} ${problem}`);
  }

  /** Refuses what nobody took. */
  refuseRest(): void {
    for (const key of this.unread) this.fail(`${key}=… can't be honoured: Sweepscope has no counterpart`);
    this.unread.clear();
  }
}

function readMap(text: string): Record<string, unknown> | null {
  if (/^\s*\{/.test(text)) return yamlMap(text);
  const map: Record<string, unknown> = {};
  for (const part of text.split(/,(?![^[{]*[\]}])/)) {
    const at = part.indexOf('=');
    if (at < 1) return null;
    map[part.slice(0, at).trim().replaceAll('-', '_')] = yamlValue(part.slice(at + 1));
  }
  return map;
}

function yamlMap(text: string): Record<string, unknown> | null {
  const value = yamlValue(text);
  if (!isMap(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key.replaceAll('-', '_'), child]));
}

function yamlValue(text: string): unknown {
  try {
    return parseYaml(text, { prettyErrors: false, maxAliasCount: 0 }) as unknown;
  } catch {
    return text;
  }
}
