import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { WorkloadSpec } from '../config/spec.js';
import { formatOf, readEntry } from './dataset-format.js';
import type { DatasetEntry, DatasetFormat } from './dataset-format.js';
import { messageOf, WorkloadError } from './workload-error.js';

export type DatasetSpec = Extract<WorkloadSpec, { kind: 'dataset' }>;

/** A dataset as a sweep uses it: entries cut to `maxTurns`. Structured-clonable. */
export interface Dataset {
  path: string;
  format: DatasetFormat;
  /** Of the file's bytes, in hexadecimal: two runs with the same hash asked from the same recordings. */
  sha256: string;
  entries: readonly DatasetEntry[];
  /** Items of the file that could not be used. */
  skipped: number;
}

const SHAPES =
  'expected ShareGPT ([{"conversations": [{"from": "human", "value": "…"}, …]}]) or OpenAI chat, ' +
  'one {"messages": [{"role": "user", "content": "…"}, …]} a line';

/**
 * Reads the dataset of a spec.
 * @throws WorkloadError when the file can't be read, isn't JSON, or has no entry to use
 */
export function loadDataset(spec: DatasetSpec): Dataset {
  let bytes: Buffer;
  let text: string;
  try {
    bytes = readFileSync(spec.path);
    text = bytes.toString('utf8');
  } catch (error) {
    const hint = 'check workload.path: it counts from the folder in which sweepscope was started';
    throw new WorkloadError(spec.path, `dataset can't be read (${messageOf(error)})`, hint);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path: spec.path, sha256, ...parseDataset(text, spec) };
}

/** The entries of a dataset's text. `spec.path` is for messages only. Throws like `loadDataset`. */
export function parseDataset(
  text: string,
  spec: Pick<DatasetSpec, 'path' | 'format' | 'maxTurns' | 'outputTokens'>,
): Pick<Dataset, 'format' | 'entries' | 'skipped'> {
  const items = parseItems(text.replace(/^\uFEFF/, ''), spec.path);
  const format = detectFormat(items, spec);
  const entries: DatasetEntry[] = [];
  for (const item of items) {
    const entry = readEntry(item, format);
    const usable = entry === null ? null : cutEntry(entry, spec.maxTurns, spec.outputTokens === null);
    if (usable !== null) entries.push(usable);
  }
  if (entries.length === 0) throw noEntry(items.length, spec);
  return { format, entries, skipped: items.length - entries.length };
}

function parseItems(text: string, path: string): readonly unknown[] {
  const first = text.trimStart()[0];
  if (first === undefined) throw new WorkloadError(path, 'the dataset is empty', SHAPES);
  return first === '[' ? parseArray(text, path) : parseLines(text, path);
}

function parseArray(text: string, path: string): readonly unknown[] {
  try {
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new WorkloadError(path, `not JSON (${messageOf(error)})`, 'is the download complete? ' + SHAPES);
  }
}

function parseLines(text: string, path: string): readonly unknown[] {
  const items: unknown[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      items.push(JSON.parse(line));
    } catch (error) {
      throw new WorkloadError(`${path}:${index + 1}`, `line ${index + 1} is not JSON (${messageOf(error)})`, SHAPES);
    }
  }
  return items;
}

function detectFormat(items: readonly unknown[], spec: Pick<DatasetSpec, 'path' | 'format'>): DatasetFormat {
  const allowed: readonly DatasetFormat[] = spec.format === 'auto' ? ['sharegpt', 'openai-chat'] : [spec.format];
  for (const item of items) {
    const format = formatOf(item, allowed);
    if (format !== null) return format;
  }
  const other = items.some((item) => formatOf(item, ['sharegpt', 'openai-chat']) !== null);
  const problem = other ? `no item has the format "${allowed.join('" or "')}"` : 'no item has a list of messages';
  throw new WorkloadError(spec.path, problem, other ? 'set workload.format to "auto"' : SHAPES);
}

/** The first `maxTurns` questions; with `answered`, only up to the first one without a recorded answer. */
function cutEntry(entry: DatasetEntry, maxTurns: number, answered: boolean): DatasetEntry | null {
  const gap = answered ? entry.answerCharacters.indexOf(null) : -1;
  const turns = Math.min(maxTurns, gap === -1 ? entry.questions.length : gap);
  if (turns < 1) return null;
  return {
    system: entry.system,
    questions: entry.questions.slice(0, turns),
    answerCharacters: entry.answerCharacters.slice(0, turns),
  };
}

function noEntry(items: number, spec: Pick<DatasetSpec, 'path' | 'outputTokens'>): WorkloadError {
  const answers = spec.outputTokens === null;
  const what = answers ? 'a user message in text and a recorded answer to it' : 'a user message in text';
  const hint = answers ? 'set workload.outputTokens where no answers were recorded; ' + SHAPES : SHAPES;
  return new WorkloadError(spec.path, `none of ${items} items has ${what}`, hint);
}
