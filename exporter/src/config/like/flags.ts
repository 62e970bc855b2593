import { showValue } from '../problems.js';
import { closestTo } from '../suggestions.js';

/** What becomes of a flag of another tool. */
export interface Flag {
  /** How many words follow it; `many`: all up to the next flag; `optional`: one, unless the next word is a flag. */
  values: 0 | 1 | 'many' | 'optional';
  /** taken: the spec follows it. needless: Sweepscope needs no such thing. refused: it can't be honoured. */
  use: 'taken' | 'needless' | 'refused';
  /** Why it is needless or refused; goes after the flag's name. */
  why: string;
}

export type FlagTable = Readonly<Record<string, Flag>>;

export function taken(values: Flag['values'], ...names: string[]): FlagTable {
  return table({ values, use: 'taken', why: '' }, names);
}

export function needless(values: Flag['values'], why: string, ...names: string[]): FlagTable {
  return table({ values, use: 'needless', why }, names);
}

export function refused(values: Flag['values'], why: string, ...names: string[]): FlagTable {
  return table({ values, use: 'refused', why }, names);
}

function table(flag: Flag, names: readonly string[]): FlagTable {
  return Object.fromEntries(names.map((name) => [name, flag]));
}

/** The flags of a command line that the spec follows, with readers that collect what is wrong with their values. */
export class FlagValues {
  readonly problems: string[] = [];
  private readonly values = new Map<string, string[]>();

  /** Of a repeated flag the last wins, as in the tools themselves. */
  set(name: string, values: string[]): void {
    this.values.set(name, values);
  }

  /** For flags that may be repeated and then add up. */
  add(name: string, values: string[]): void {
    this.values.set(name, [...this.all(name), ...values]);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  text(name: string): string | null {
    return this.values.get(name)?.[0] ?? null;
  }

  /** A number; `inf` is Infinity. null: not given, or wrong (then there is a problem). */
  number(name: string, { least = 0, whole = false }: { least?: number; whole?: boolean } = {}): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = /^inf(inity)?$/i.test(text) ? Infinity : text.trim() === '' ? NaN : Number(text);
    if (value >= least && (!whole || Number.isSafeInteger(value))) return value;
    return this.fail(`${name} must be a ${whole ? 'whole ' : ''}number from ${least}, got ${showValue(text)}`);
  }

  integer(name: string, least = 0): number | null {
    return this.number(name, { least, whole: true });
  }

  /** A JSON object. */
  object(name: string): Record<string, unknown> | null {
    const text = this.text(name);
    if (text === null) return null;
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // Told below.
    }
    return this.fail(`${name} must be a JSON object, got ${showValue(text)}`);
  }

  /** `key=value` or `key:value` words. */
  pairs(name: string, separator: '=' | ':'): Record<string, string> {
    const found: Record<string, string> = {};
    for (const word of this.all(name)) {
      const at = word.indexOf(separator);
      if (at > 0) found[word.slice(0, at).trim()] = word.slice(at + 1).trim();
      else this.fail(`${name} must be key${separator}value, got ${showValue(word)}`);
    }
    return found;
  }

  fail(problem: string): null {
    this.problems.push(problem);
    return null;
  }
}

export interface FlagStyle {
  table: FlagTable;
  /** Other spellings, by the name in the table. */
  aliases?: Readonly<Record<string, string>>;
  /** Flags that add up when repeated. */
  repeatable?: ReadonlySet<string>;
  /** `--max_concurrency` for `--max-concurrency`. */
  underscores?: boolean;
  tool: string;
}

/** Reads the words behind the command. Every flag that can't be honoured, and every unknown one, is a problem. */
export function readFlags(words: readonly string[], style: FlagStyle): { values: FlagValues; notes: string[] } {
  const values = new FlagValues();
  const notes: string[] = [];
  for (let at = 0; at < words.length;) {
    const word = words[at]!;
    at += 1;
    if (!/^-{1,2}[A-Za-z]/.test(word)) {
      values.fail(`${showValue(word)} belongs to no flag`);
      continue;
    }
    const equals = word.indexOf('=');
    const given = equals < 0 ? word : word.slice(0, equals);
    const name = canonical(given, style);
    const flag = Object.hasOwn(style.table, name) ? style.table[name]! : null;
    const own = equals < 0 ? [] : [word.slice(equals + 1)];
    const following = flag === null || flag.values === 'many' || equals < 0 ? valuesFrom(words, at, flag) : [];
    at += following.length;
    if (flag === null) values.fail(unknown(given, style));
    else takeFlag({ name, given, flag, found: [...own, ...following], values, notes, style });
  }
  return { values, notes };
}

function canonical(given: string, { aliases = {}, underscores = false }: FlagStyle): string {
  const name = underscores ? given.replaceAll('_', '-') : given;
  return Object.hasOwn(aliases, name) ? aliases[name]! : name;
}

/** The words that follow a flag as its values; those of an unknown flag are passed over. */
function valuesFrom(words: readonly string[], from: number, flag: Flag | null): string[] {
  if (flag?.values === 0) return [];
  const isFlag = (word: string): boolean => /^--?[A-Za-z]/.test(word);
  let to = from;
  while (to < words.length && !isFlag(words[to]!)) to += 1;
  const most = flag === null || flag.values === 'many' ? Infinity : 1;
  return words.slice(from, Math.min(to, from + most));
}

interface TakenFlag {
  name: string;
  given: string;
  flag: Flag;
  found: string[];
  values: FlagValues;
  notes: string[];
  style: FlagStyle;
}

function takeFlag({ name, given, flag, found, values, notes, style }: TakenFlag): void {
  if (flag.use === 'refused') values.fail(`${given} can't be honoured: ${flag.why}`);
  else if (flag.use === 'needless') notes.push(`${given}: ${flag.why}`);
  else if (flag.values === 0 && found.length > 0) {
    if (/^(true|1)$/i.test(found[0]!)) values.set(name, []);
    else if (!/^(false|0)$/i.test(found[0]!)) values.fail(`${given} takes no value, got ${showValue(found[0])}`);
  } else if (flag.values !== 0 && flag.values !== 'optional' && found.length === 0)
    values.fail(`${given} lacks its value`);
  else if (style.repeatable?.has(name) === true) values.add(name, found);
  else values.set(name, found);
}

function unknown(given: string, { table: known, aliases = {}, tool }: FlagStyle): string {
  const close = closestTo(given, [...Object.keys(known), ...Object.keys(aliases)]);
  return `${given} is not a flag of ${tool} that is known here${close === null ? '' : `; did you mean ${close}?`}`;
}
