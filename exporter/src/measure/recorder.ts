import type { SloSpec } from '../config/spec.js';
import { EdgeGate } from './edge-gate.js';
import { FineHistogram } from './fine-histogram.js';
import type { LifetimeMeasures } from './lifetime.js';
import { CONVERSATION_OUTCOMES, OUTCOMES, type BatchTables, type ObservationBatch } from './observations.js';
import { NOT_YET_KNOWN, type RequestRecord } from './records.js';
import { SlotClock } from './slot-clock.js';
import { SloJudge } from './slo-judge.js';

/** Told of each request's events in the order they are applied; writes the run folder's log. */
export interface RecordSink {
  started(record: RequestRecord): void;
  firstToken(record: RequestRecord): void;
  ended(record: RequestRecord, detail: string): void;
}

export interface RecorderParts {
  /** `Clock.now()` at the run's beginning. */
  originSeconds: number;
  /** Unix time of the run's beginning, seconds. */
  originEpoch: number;
  requestPrefix: string;
  lifetime: LifetimeMeasures;
  slo: SloSpec;
  sink: RecordSink;
}

/** What arrives between two edges and is not in the request records. */
export class WindowTally {
  readonly itl = FineHistogram.create();
  outputTokens = 0;
  arrivals = 0;
  dropped = 0;
}

/** A finished conversation, for the mean duration that sets ramps. */
interface ConversationTally {
  completed: number;
  seconds: number;
}

const REQUESTS_PER_WORKER = 2 ** 32;

/**
 * Turns workers' batches into request records, window tallies and the process's lifetime measures: the one place where
 * events are counted, so that `/metrics`, the run folder and the report cannot disagree.
 */
export class Recorder {
  readonly records: RequestRecord[] = [];
  readonly slots = new SlotClock();
  readonly gate = new EdgeGate((batch) => this.apply(batch));
  readonly judge: SloJudge;
  conversations: ConversationTally = { completed: 0, seconds: 0 };
  /** Requests of the load that have ended. */
  ended = 0;
  private tally = new WindowTally();
  private readonly open = new Map<number, RequestRecord>();

  constructor(private readonly parts: RecorderParts) {
    this.judge = new SloJudge(parts.slo, parts.lifetime.sloEvents);
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.open.size;
  }

  openRecords(): IterableIterator<RequestRecord> {
    return this.open.values();
  }

  /** The tally since the last call; call at an edge. */
  takeTally(): WindowTally {
    const tally = this.tally;
    this.tally = new WindowTally();
    return tally;
  }

  /** Seconds that the oldest request without a first token has waited at `now` (run time); 0 when there is none. */
  oldestUnanswered(now: number): number {
    let oldest = 0;
    for (const record of this.open.values()) {
      if (Number.isNaN(record.firstTokenAt)) oldest = Math.max(oldest, now - record.startedAt);
    }
    return oldest;
  }

  /** A request that was sent outside the load (checks of the server); its record is complete. */
  addOutside(record: RequestRecord, detail: string): void {
    this.records.push(record);
    this.parts.sink.started(record);
    if (!Number.isNaN(record.firstTokenAt)) this.parts.sink.firstToken(record);
    this.parts.sink.ended(record, detail);
  }

  private apply(batch: ObservationBatch): void {
    const { tables, worker } = batch;
    this.applyStarts(tables.starts, worker);
    this.applyFirstTokens(tables.firstTokens, worker);
    this.applyTokenChunks(tables.tokenChunks);
    this.applyEnds(tables.ends, worker, new Map(batch.notes.map((note) => [note.request, note.detail])));
    this.applySlots(tables.slotChanges);
    this.applyConversations(tables.conversationEnds);
    for (let row = 0; row < tables.arrivals.rows; row++) {
      this.tally.arrivals += 1;
      if (tables.arrivals.columns.dropped[row] === 0) continue;
      this.tally.dropped += 1;
      this.parts.lifetime.arrivalsDropped += 1;
    }
  }

  private applyStarts({ rows, columns }: BatchTables['starts'], worker: number): void {
    for (let row = 0; row < rows; row++) {
      const request = columns.request[row]!;
      const record: RequestRecord = {
        id: `${this.parts.requestPrefix}-${worker}-${request}`,
        slot: columns.slot[row]!,
        conversation: columns.conversation[row]!,
        turn: columns.turn[row]!,
        level: columns.level[row]!,
        intendedAt: columns.intended[row]!,
        startedAt: columns.at[row]!,
        ...NOT_YET_KNOWN,
      };
      this.records.push(record);
      this.open.set(worker * REQUESTS_PER_WORKER + request, record);
      this.parts.lifetime.started += 1;
      this.judge.started(record);
      this.parts.sink.started(record);
    }
  }

  private applyFirstTokens({ rows, columns }: BatchTables['firstTokens'], worker: number): void {
    for (let row = 0; row < rows; row++) {
      const record = this.open.get(worker * REQUESTS_PER_WORKER + columns.request[row]!);
      if (record === undefined) continue;
      record.firstTokenAt = columns.at[row]!;
      record.firstChunkAt = columns.firstChunk[row]!;
      record.firstVisibleAt = columns.firstVisible[row]!;
      const { lifetime, originSeconds, originEpoch } = this.parts;
      lifetime.firstToken(record, originSeconds + record.firstTokenAt, originEpoch + record.firstTokenAt);
      this.judge.firstToken(record);
      this.parts.sink.firstToken(record);
    }
  }

  private applyTokenChunks({ rows, columns }: BatchTables['tokenChunks']): void {
    const { lifetime, originSeconds } = this.parts;
    const { at, gap, tokens, turn } = columns;
    for (let row = 0; row < rows; row++) {
      const count = tokens[row]!;
      this.tally.outputTokens += count;
      lifetime.outputTokens += count;
      const seconds = gap[row]!;
      if (Number.isNaN(seconds)) continue;
      this.tally.itl.record(seconds);
      lifetime.gap(turn[row]!, seconds, originSeconds + at[row]!);
    }
  }

  private applyEnds({ rows, columns }: BatchTables['ends'], worker: number, notes: Map<number, string>): void {
    for (let row = 0; row < rows; row++) {
      const request = columns.request[row]!;
      const key = worker * REQUESTS_PER_WORKER + request;
      const record = this.open.get(key);
      if (record === undefined) continue;
      this.open.delete(key);
      record.endedAt = columns.at[row]!;
      record.firstChunkAt = columns.firstChunk[row]!;
      record.firstVisibleAt = columns.firstVisible[row]!;
      record.completedAt = columns.completed[row]!;
      record.inputTokens = columns.input[row]!;
      record.outputTokens = columns.output[row]!;
      record.cachedTokens = columns.cached[row]!;
      record.httpStatus = columns.status[row]!;
      record.tokenChunks = columns.chunks[row]!;
      record.tokensSource = columns.fromChunks[row] === 1 ? 'chunks' : 'usage';
      record.outcome = OUTCOMES[columns.outcome[row]!]!;
      this.endRequest(record, columns.surplus[row]!, notes.get(request) ?? '');
    }
  }

  private endRequest(record: RequestRecord, surplusTokens: number, detail: string): void {
    this.ended += 1;
    this.tally.outputTokens += surplusTokens;
    const { lifetime, originSeconds, originEpoch } = this.parts;
    lifetime.outputTokens += surplusTokens;
    lifetime.ended(record, originSeconds + record.endedAt, originEpoch + record.endedAt);
    this.judge.ended(record);
    this.parts.sink.ended(record, detail);
  }

  private applySlots({ rows, columns }: BatchTables['slotChanges']): void {
    for (let row = 0; row < rows; row++) {
      this.slots.change(columns.slot[row]!, columns.state[row]!, columns.at[row]!);
    }
  }

  private applyConversations({ rows, columns }: BatchTables['conversationEnds']): void {
    for (let row = 0; row < rows; row++) {
      const outcome = CONVERSATION_OUTCOMES[columns.outcome[row]!]!;
      this.parts.lifetime.conversations[outcome] += 1;
      if (outcome !== 'completed') continue;
      this.conversations.completed += 1;
      this.conversations.seconds += columns.at[row]! - columns.began[row]!;
    }
  }
}
