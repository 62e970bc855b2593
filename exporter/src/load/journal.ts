import type { Clock } from '../clock/clock.js';
import {
  BatchWriter,
  conversationOutcomeCode,
  outcomeCode,
  slotStateCode,
  toMicros,
  type ConversationOutcome,
  type ObservationBatch,
} from '../measure/observations.js';
import type { SlotState } from '../measure/records.js';
import { completionTime } from '../target/completion.js';
import type { Exchange } from '../target/types.js';

/** Where a request belongs. */
export interface RequestPlace {
  slot: number;
  conversation: number;
  turn: number;
  level: number;
  /** `Clock.now()` seconds at which it should have started; NaN: when it did. */
  intendedAt: number;
}

const HIGHEST_TURN = 255;
const HIGHEST_TOKENS = 65_535;

/** A worker's record of what happens, in times of the run: turns exchanges and user states into table rows. */
export class Journal {
  private readonly batch: BatchWriter;
  private nextRequest = 0;

  constructor(
    private readonly clock: Clock,
    private readonly originSeconds: number,
    worker: number,
  ) {
    this.batch = new BatchWriter(worker);
  }

  /** A number for the next request, unique in this worker. */
  requestNumber(): number {
    return this.nextRequest++;
  }

  started(request: number, exchange: Exchange, place: RequestPlace): void {
    const table = this.batch.tables.starts;
    const row = table.next();
    const { columns } = table;
    const at = this.time(exchange.startedAt);
    columns.at[row] = at;
    columns.intended[row] = Number.isNaN(place.intendedAt) ? at : this.time(place.intendedAt);
    columns.request[row] = request;
    columns.conversation[row] = place.conversation;
    columns.slot[row] = place.slot;
    columns.turn[row] = place.turn;
    columns.level[row] = place.level;
  }

  tokenChunk(request: number, exchange: Exchange, turn: number, at: number, tokens: number, gapSeconds: number): void {
    const when = this.time(at);
    if (Number.isNaN(gapSeconds)) this.firstToken(request, exchange, when);
    const table = this.batch.tables.tokenChunks;
    const row = table.next();
    table.columns.at[row] = when;
    table.columns.gap[row] = gapSeconds;
    table.columns.tokens[row] = Math.min(tokens, HIGHEST_TOKENS);
    table.columns.turn[row] = Math.min(turn, HIGHEST_TURN);
  }

  /** `countedTokens`: the sum of the tokens told chunk by chunk. */
  ended(request: number, exchange: Exchange, countedTokens: number): void {
    const table = this.batch.tables.ends;
    const row = table.next();
    const { columns } = table;
    const outcome = exchange.outcome ?? 'aborted';
    columns.at[row] = this.time(exchange.endedAt);
    columns.firstChunk[row] = this.time(exchange.firstChunkAt);
    columns.firstVisible[row] = this.time(exchange.firstVisibleAt);
    columns.completed[row] = this.time(completionTime(exchange));
    columns.input[row] = exchange.inputTokens;
    columns.output[row] = exchange.outputTokens;
    columns.cached[row] = exchange.cachedTokens;
    columns.status[row] = exchange.httpStatus;
    columns.request[row] = request;
    columns.chunks[row] = exchange.tokenChunks;
    columns.outcome[row] = outcomeCode(outcome);
    columns.surplus[row] = Math.max(0, exchange.outputTokens - countedTokens || 0);
    columns.fromChunks[row] = exchange.tokensSource === 'chunks' ? 1 : 0;
    if (outcome !== 'ok') this.batch.note(request, exchange.detail);
  }

  slot(slot: number, state: SlotState): void {
    const table = this.batch.tables.slotChanges;
    const row = table.next();
    table.columns.at[row] = this.time(this.clock.now());
    table.columns.slot[row] = slot;
    table.columns.state[row] = slotStateCode(state);
  }

  conversationEnded(began: number, turns: number, outcome: ConversationOutcome): void {
    const table = this.batch.tables.conversationEnds;
    const row = table.next();
    table.columns.at[row] = this.time(this.clock.now());
    table.columns.began[row] = this.time(began);
    table.columns.turns[row] = turns;
    table.columns.outcome[row] = conversationOutcomeCode(outcome);
  }

  arrival(intendedAt: number, dropped: boolean): void {
    const table = this.batch.tables.arrivals;
    const row = table.next();
    table.columns.at[row] = this.time(intendedAt);
    table.columns.dropped[row] = dropped ? 1 : 0;
  }

  get rows(): number {
    return this.batch.rows;
  }

  take(): ObservationBatch {
    return this.batch.take();
  }

  private firstToken(request: number, exchange: Exchange, when: number): void {
    const table = this.batch.tables.firstTokens;
    const row = table.next();
    table.columns.at[row] = when;
    table.columns.firstChunk[row] = this.time(exchange.firstChunkAt);
    table.columns.firstVisible[row] = this.time(exchange.firstVisibleAt);
    table.columns.request[row] = request;
  }

  private time(at: number): number {
    return toMicros(at - this.originSeconds);
  }
}
