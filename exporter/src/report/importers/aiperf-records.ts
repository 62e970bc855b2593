import { FineHistogram } from '../../measure/fine-histogram.js';
import { NOT_YET_KNOWN, type RequestRecord } from '../../measure/records.js';
import { classifyFailure } from './classify-failure.js';
import { asNumber, asObject, asText, at, firstNumber, firstText, type JsonObject } from './fields.js';
import { ImportError } from './import-error.js';
import { linesOf } from './source-text.js';
import type { PartSpan, RequestPart, SourceFile } from './types.js';

/** The requests of a `profile_export.jsonl`. */
export interface AiperfRecords {
  /** Unix time of the first start, seconds. */
  startedEpoch: number;
  /** Lines that are no whole record. */
  torn: number;
  /** Whether gaps between chunks are in it. */
  gapsKnown: boolean;
  /** The requests as a part of a level; `name` makes their ids unique in the run. */
  part(name: string): Omit<RequestPart, 'published'>;
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, sec: 1, seconds: 1 };

/** A metric's value in seconds by the unit written beside it; NaN without one. @throws ImportError on an unknown unit */
export function inSecondsByUnit(metric: unknown, key: string, file: SourceFile): number {
  const value = asNumber(at(metric, key));
  if (Number.isNaN(value)) return NaN;
  return value * unitOf(metric, file);
}

function unitOf(metric: unknown, file: SourceFile): number {
  const unit = asText(at(metric, 'unit')) ?? '';
  const scale = UNITS[unit.toLowerCase()];
  if (scale !== undefined) return scale;
  throw new ImportError(
    file.name,
    `has a time in ${unit === '' ? 'no unit' : `"${unit}"`}`,
    'ns, us, ms and s are known',
  );
}

interface Found {
  records: RequestRecord[];
  details: Map<string, string>;
}

/** Reads the records of the profiling phase line by line; those of a warm-up are left out. @throws ImportError */
export async function readRecords(file: SourceFile, folder: string): Promise<AiperfRecords> {
  const found: Found = { records: [], details: new Map() };
  const conversations = new Map<string, number>();
  let torn = 0;
  let gapsKnown = false;
  for await (const line of linesOf(file)) {
    const value = parseLine(line);
    if (value === null) {
      torn += 1;
      continue;
    }
    if (asText(at(value, 'metadata', 'benchmark_phase')) === 'warmup') continue;
    gapsKnown ||= Array.isArray(at(value, 'metrics', 'inter_chunk_latency', 'value'));
    addRecord(value, found, conversations, file);
  }
  if (found.records.length === 0)
    throw new ImportError(
      file.name,
      'has no request of the profiling phase',
      `was the run in ${folder} cut off before it began?`,
    );
  const origin = found.records.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
  for (const record of found.records) shiftRecord(record, -origin);
  return {
    startedEpoch: origin,
    torn,
    gapsKnown,
    part: (name) => ({
      file: file.name,
      records: found.records.map((record) => ({ ...record, id: `${name}-${record.id}` })),
      timed: true,
      gaps: gapsKnown ? (span) => readGaps(file, { from: span.from + origin, to: span.to + origin }) : null,
      marked: null,
      details: new Map([...found.details].map(([id, detail]) => [`${name}-${id}`, detail])),
    }),
  };
}

function parseLine(line: string): JsonObject | null {
  try {
    const value = asObject(JSON.parse(line));
    return asObject(value?.['metadata']) === null ? null : value;
  } catch {
    return null; // torn: counted, and told as a gap
  }
}

function addRecord(value: JsonObject, found: Found, conversations: Map<string, number>, file: SourceFile): void {
  const startedAt = asNumber(at(value, 'metadata', 'request_start_ns')) / 1e9;
  if (Number.isNaN(startedAt)) return;
  const time = (tag: string): number => inSecondsByUnit(at(value, 'metrics', tag), 'value', file);
  const count = (tag: string): number => asNumber(at(value, 'metrics', tag, 'value'));
  const error = asObject(value['error']);
  const cancelled = at(value, 'metadata', 'was_cancelled') === true;
  const ok = error === null && !cancelled;
  const id = String(found.records.length);
  const key =
    firstText(at(value, 'metadata', 'x_correlation_id'), at(value, 'metadata', 'conversation_id')) ?? `request ${id}`;
  if (!conversations.has(key)) conversations.set(key, conversations.size);
  const first = startedAt + time('time_to_first_token');
  const gaps = at(value, 'metrics', 'inter_chunk_latency', 'value');
  const said = [error?.['code'], error?.['type'], error?.['message']]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');
  if (!ok && said !== '') found.details.set(id, said);
  found.records.push({
    ...NOT_YET_KNOWN,
    id,
    slot: 0,
    conversation: conversations.get(key)!,
    turn: firstNumber(at(value, 'metadata', 'turn_index'), 0) + 1,
    level: 0,
    intendedAt: startedAt,
    startedAt,
    firstChunkAt: first,
    firstTokenAt: first,
    completedAt: ok ? startedAt + time('request_latency') : NaN,
    endedAt: asNumber(at(value, 'metadata', 'request_end_ns')) / 1e9,
    inputTokens: count('input_sequence_length'),
    outputTokens: ok ? count('output_sequence_length') : NaN,
    tokensSource: 'usage',
    tokenChunks: Array.isArray(gaps) ? gaps.length + 1 : NaN,
    outcome: ok ? 'ok' : cancelled ? 'aborted' : classifyFailure(said),
  });
}

function shiftRecord(record: RequestRecord, shift: number): void {
  record.intendedAt += shift;
  record.startedAt += shift;
  record.firstChunkAt += shift;
  record.firstTokenAt += shift;
  record.completedAt += shift;
  record.endedAt += shift;
}

/** Second reading: gaps whose later chunk lies in the span, Unix times. */
async function readGaps(file: SourceFile, { from, to }: PartSpan): Promise<FineHistogram> {
  const pooled = FineHistogram.create();
  for await (const line of linesOf(file)) {
    const value = parseLine(line);
    if (value === null || asText(at(value, 'metadata', 'benchmark_phase')) === 'warmup') continue;
    const metric = at(value, 'metrics', 'inter_chunk_latency');
    const gaps = at(metric, 'value');
    if (!Array.isArray(gaps)) continue;
    const scale = unitOf(metric, file);
    let time =
      asNumber(at(value, 'metadata', 'request_start_ns')) / 1e9 +
      inSecondsByUnit(at(value, 'metrics', 'time_to_first_token'), 'value', file);
    for (const gap of gaps.map(asNumber)) {
      time += gap * scale;
      if (time >= from && time < to) pooled.record(gap * scale);
    }
  }
  return pooled;
}
