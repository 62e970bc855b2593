import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { Problem } from './model.js';
import { resolveRole, type Role } from './roles.js';

/** One series of any format that a data source answers in: labels, and values over time. */
export interface InputSeries {
  role: Role;
  labels: Readonly<Record<string, string>>;
  name: string;
  /** Epoch milliseconds, rising; NaN for rows without a time. */
  times: readonly number[];
  /** null where nothing finite was there. */
  values: readonly (number | null)[];
  unit: string | undefined;
  color: string | undefined;
  source: { frame: number; field: number };
}

export interface ReadFrames {
  series: InputSeries[];
  problems: Problem[];
}

type RefIdRoles = Readonly<Record<string, string>>;

/**
 * Reads frames of every shape: one a series, many value fields (wide), and tables whose text columns are labels. Rows of
 * a table with equal labels become one series. Sorted by what a series is, so that the order of frames does not matter.
 */
export function readFrames(frames: readonly DataFrame[], refIdRoles: RefIdRoles = {}): ReadFrames {
  const series: InputSeries[] = [];
  const problems: Problem[] = [];
  frames.forEach((frame, index) => {
    const numbers = frame.fields.filter((field) => field.type === FieldType.number);
    if (numbers.length === 0) {
      if (frame.length > 0) problems.push({ code: 'no-number', detail: frame.refId ?? frame.name ?? String(index) });
      return;
    }
    const time = frame.fields.find((field) => field.type === FieldType.time);
    const texts = frame.fields.filter((field) => field.type === FieldType.string);
    for (const field of numbers) {
      const place = { frame, index, field, time, refIdRoles };
      const read = texts.length > 0 ? tableRows(place, texts, problems) : [wholeField(place, problems)];
      for (const one of read) series.push(one);
    }
  });
  return { series: series.sort(bySubstance), problems: problems.sort(byText) };
}

interface Place {
  frame: DataFrame;
  index: number;
  field: Field;
  time: Field | undefined;
  refIdRoles: RefIdRoles;
}

function wholeField(place: Place, problems: Problem[]): InputSeries {
  const { frame, field, time } = place;
  const values = finiteOrNull(field.values, field.name, problems);
  const times = time === undefined ? new Array<number>(values.length).fill(NaN) : (time.values as number[]);
  const input = describe(place, { ...field.labels });
  if (isRising(times)) return { ...input, times, values };
  problems.push({ code: 'out-of-order', detail: frame.refId ?? field.name });
  return { ...input, ...sorted(times, values) };
}

function tableRows(place: Place, texts: readonly Field[], problems: Problem[]): InputSeries[] {
  finiteOrNull(place.field.values, place.frame.refId ?? place.field.name, problems);
  const rowsByLabels = new Map<string, { labels: Record<string, string>; rows: number[] }>();
  for (let row = 0; row < place.field.values.length; row++) {
    const labels: Record<string, string> = { ...place.field.labels };
    for (const text of texts) {
      const value: unknown = text.values[row];
      if (typeof value === 'string' && value !== '') labels[text.name] = value;
    }
    const key = labelKey(labels);
    const group = rowsByLabels.get(key);
    if (group === undefined) rowsByLabels.set(key, { labels, rows: [row] });
    else group.rows.push(row);
  }
  return [...rowsByLabels.values()].map(({ labels, rows }) => {
    const inTime = sorted(
      rows.map((row) => timeOf(place.time?.values[row])),
      rows.map((row) => finite(place.field.values[row])),
    );
    if (tellsTwice(inTime)) problems.push({ code: 'duplicate', detail: place.frame.refId ?? place.field.name });
    return { ...describe(place, labels), ...inTime };
  });
}

/** Two values for one time. */
function tellsTwice({ times, values }: Pick<InputSeries, 'times' | 'values'>): boolean {
  return times.some((time, i) => {
    const [value, before] = [values[i]!, values[i - 1]];
    return i > 0 && Object.is(time, times[i - 1]) && value !== null && before !== null && value !== before;
  });
}

function describe(
  { frame, index, field, refIdRoles }: Place,
  labels: Record<string, string>,
): Omit<InputSeries, 'times' | 'values'> {
  const refId = frame.refId ?? '';
  const refIdRole = Object.hasOwn(refIdRoles, refId) ? refIdRoles[refId] : undefined;
  return {
    role: resolveRole({ refIdRole, labels, names: [field.name, frame.name] }),
    labels,
    name:
      field.state?.displayName ??
      field.config.displayNameFromDS ??
      field.config.displayName ??
      frame.name ??
      field.name,
    unit: field.config.unit,
    color: field.config.color?.mode === 'fixed' ? field.config.color.fixedColor : undefined,
    source: { frame: index, field: frame.fields.indexOf(field) },
  };
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function timeOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

/** The array itself where all is well; else a copy with null for NaN, infinities and what is no number. */
function finiteOrNull(values: readonly unknown[], name: string, problems: Problem[]): readonly (number | null)[] {
  let endless = false;
  let clean = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || (typeof value === 'number' && value - value === 0)) continue;
    clean = false;
    if (typeof value === 'string' || value === Infinity || value === -Infinity) endless = true;
  }
  if (endless) problems.push({ code: 'not-finite', detail: name });
  return clean ? (values as (number | null)[]) : values.map(finite);
}

function isRising(times: readonly unknown[]): boolean {
  let last = -Infinity;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    if (typeof time !== 'number' || !(time >= last)) return times.length === 0 || allUnknown(times);
    last = time;
  }
  return true;
}

function allUnknown(times: readonly unknown[]): boolean {
  return times.every((time) => typeof time === 'number' && Number.isNaN(time));
}

/** By time, rows without a time first; of rows with the same time by value, so that their order does not matter. */
function sorted(times: readonly unknown[], values: readonly (number | null)[]): Pick<InputSeries, 'times' | 'values'> {
  const rows = values.map((value, row) => ({ time: timeOf(times[row]), value }));
  const at = (time: number): number => (Number.isNaN(time) ? -Infinity : time);
  rows.sort((a, b) => compare(at(a.time), at(b.time)) || compare(a.value ?? -Infinity, b.value ?? -Infinity));
  return { times: rows.map(({ time }) => time), values: rows.map(({ value }) => value) };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Labels in one text, whatever their order. */
export function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bySubstance(a: InputSeries, b: InputSeries): number {
  return compareTexts(identity(a), identity(b)) || compareTexts(newest(a), newest(b));
}

const identities = new WeakMap<InputSeries, string>();

function identity(series: InputSeries): string {
  let known = identities.get(series);
  if (known === undefined) {
    known = JSON.stringify(series.role) + labelKey(series.labels) + series.name;
    identities.set(series, known);
  }
  return known;
}

function newest({ times, values }: InputSeries): string {
  return `${times.at(-1)} ${values.at(-1)} ${times[0]} ${values[0]} ${times.length}`;
}

function byText(a: Problem, b: Problem): number {
  return compareTexts(a.code + a.detail, b.code + b.detail);
}

export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The last finite value and when it was seen; null without one. */
export function lastValue({ times, values }: InputSeries): { timeMs: number; value: number } | null {
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return { timeMs: times[i]!, value };
  }
  return null;
}
