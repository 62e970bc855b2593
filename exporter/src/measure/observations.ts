import { ERROR_CLASSES, type Outcome } from '../target/types.js';
import { SLOT_STATES, type SlotState } from './records.js';
import { columnsOf, splitTable, TableWriter, type TableData } from './table.js';

/**
 * What load workers hand over: six tables of events in typed columns. Times are seconds since the run began, rounded to
 * microseconds, so that every difference can be recomputed exactly from what the run folder keeps. NaN: unknown.
 */
export const STARTS = {
  at: 'f64',
  intended: 'f64',
  request: 'u32',
  conversation: 'u32',
  slot: 'u32',
  turn: 'u16',
  level: 'i16',
} as const;
export const FIRST_TOKENS = { at: 'f64', firstChunk: 'f64', firstVisible: 'f64', request: 'u32' } as const;
/** `surplus`: output tokens that usage told of beyond those counted chunk by chunk; `fromChunks` 1: no usage came. */
export const ENDS = {
  at: 'f64',
  firstChunk: 'f64',
  firstVisible: 'f64',
  completed: 'f64',
  input: 'f64',
  output: 'f64',
  cached: 'f64',
  status: 'f64',
  request: 'u32',
  chunks: 'u32',
  surplus: 'u32',
  outcome: 'u8',
  fromChunks: 'u8',
} as const;
/** One row per token chunk: `gap` is NaN for the first of a request, `turn` the request's turn capped at 255. */
export const TOKEN_CHUNKS = { at: 'f64', gap: 'f64', tokens: 'u16', turn: 'u8' } as const;
export const SLOT_CHANGES = { at: 'f64', slot: 'u32', state: 'u8' } as const;
/** Ends of conversations: `outcome` indexes CONVERSATION_OUTCOMES; `began` is its first request's start. */
export const CONVERSATION_ENDS = { at: 'f64', began: 'f64', turns: 'u16', outcome: 'u8' } as const;
/** Open loop: each intended start, and whether it was dropped because too many requests were under way. */
export const ARRIVALS = { at: 'f64', dropped: 'u8' } as const;

const SCHEMAS = {
  starts: STARTS,
  firstTokens: FIRST_TOKENS,
  ends: ENDS,
  tokenChunks: TOKEN_CHUNKS,
  slotChanges: SLOT_CHANGES,
  conversationEnds: CONVERSATION_ENDS,
  arrivals: ARRIVALS,
} as const;
type Schemas = typeof SCHEMAS;
export type TableName = keyof Schemas;

export type BatchTables = { [K in TableName]: TableData<Schemas[K]> };

/** Free text that belongs to a request: what failed. */
export interface RequestNote {
  request: number;
  detail: string;
}

/** Everything a worker saw since its last batch, in order of time within each table. */
export interface ObservationBatch {
  worker: number;
  tables: BatchTables;
  notes: RequestNote[];
}

export const OUTCOMES: readonly Outcome[] = ['ok', ...ERROR_CLASSES];
export const CONVERSATION_OUTCOMES = ['completed', 'error', 'retired'] as const;
export type ConversationOutcome = (typeof CONVERSATION_OUTCOMES)[number];

export const outcomeCode = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);
export const slotStateCode = (state: SlotState): number => SLOT_STATES.indexOf(state);
export const conversationOutcomeCode = (outcome: ConversationOutcome): number => CONVERSATION_OUTCOMES.indexOf(outcome);

/** Seconds rounded to whole microseconds. */
export const toMicros = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

function forEachTable<R>(make: (name: TableName) => R): Record<TableName, R> {
  const names = Object.keys(SCHEMAS) as TableName[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<TableName, R>;
}

/** A worker's side of the tables. */
export class BatchWriter {
  readonly tables = forEachTable((name) => new TableWriter(SCHEMAS[name])) as unknown as {
    [K in TableName]: TableWriter<Schemas[K]>;
  };
  private notes: RequestNote[] = [];

  constructor(private readonly worker: number) {}

  note(request: number, detail: string): void {
    this.notes.push({ request, detail });
  }

  get rows(): number {
    return Object.values(this.tables).reduce((sum, table) => sum + table.rows, 0);
  }

  take(): ObservationBatch {
    const tables = forEachTable((name) => this.tables[name].take()) as unknown as BatchTables;
    const notes = this.notes;
    this.notes = [];
    return { worker: this.worker, tables, notes };
  }
}

/** The buffers of a batch, for `postMessage`'s transfer list. */
export function batchBuffers(batch: ObservationBatch): ArrayBuffer[] {
  return Object.values(batch.tables).flatMap((table) => columnsOf(table.columns).map(([, column]) => column.buffer));
}

/** Splits a batch at a window's edge: events before it, and events at or after it. Both halves keep all notes. */
export function splitBatch(batch: ObservationBatch, edge: number): [ObservationBatch, ObservationBatch] {
  const halves = forEachTable((name) => splitTable(batch.tables[name] as TableData<Schemas['starts']>, edge));
  const side = (index: 0 | 1): BatchTables => forEachTable((name) => halves[name][index]) as unknown as BatchTables;
  return [
    { worker: batch.worker, tables: side(0), notes: batch.notes },
    { worker: batch.worker, tables: side(1), notes: batch.notes },
  ];
}
