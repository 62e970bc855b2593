import type { Dispatcher } from 'undici';
import type { Clock } from '../clock/clock.js';
import type { TimeoutsSpec } from '../config/spec.js';
import { ChatChunk } from './chat-chunk.js';
import { ChunkReader } from './chunk-reader.js';
import type { Deadlines, Perishable } from './deadlines.js';
import { classifyFailure, shorten } from './failure.js';
import type { Redactor } from './redact.js';
import { SseDecoder, type SseSink } from './sse-decoder.js';
import type { StampedReceiver, StampQueue } from './stamp-queue.js';
import { deadlineOf, exceededLimit } from './time-limits.js';
import { isEventStream, readHead, UnstreamedAnswer } from './unstreamed-answer.js';
import type { ErrorClass, Exchange, ExchangeListener, Outcome, SendOptions, TokensSource } from './types.js';

/** What all exchanges of one target share. */
export interface ExchangeRoom {
  clock: Clock;
  queue: StampQueue;
  deadlines: Deadlines;
  timeouts: TimeoutsSpec;
  redact: Redactor;
  /** The target's URL as messages show it. */
  shown: string;
  /** The server is known to tell its running token count in each chunk. */
  continuousUsage: boolean;
}

/** The channel as its exchange sees it. */
export interface ExchangeOwner {
  /** The request goes onto the wire now. */
  onWritten(): void;
}

/** Read at once, by one exchange at a time: events are interpreted one after the other. */
const chunk = new ChatChunk();

/**
 * One request and its answer. undici calls `onConnect` … `onError` from the socket's callbacks, which only stamp; the
 * queue calls `onStamped…` later, where the answer is interpreted.
 */
export class HttpExchange implements Exchange, Perishable, StampedReceiver, SseSink, Dispatcher.DispatchHandler {
  readonly requestId: string;
  startedAt = NaN;
  firstChunkAt = NaN;
  firstTokenAt = NaN;
  firstVisibleAt = NaN;
  lastTokenAt = NaN;
  finishedAt = NaN;
  endedAt = NaN;
  tokenChunks = 0;
  outputTokens = NaN;
  inputTokens = NaN;
  cachedTokens = NaN;
  tokensSource: TokensSource = 'chunks';
  httpStatus = NaN;
  retryAfterSeconds = NaN;
  text = '';
  outcome: Outcome | null = null;
  detail = '';
  deadlineIndex = -1;
  lastEventAt = NaN;
  /** A chunk with a choice told its running token count. */
  continuousUsageSeen = false;
  /** Set when the answer is no event stream. */
  unstreamed: UnstreamedAnswer | null = null;
  private readonly collectText: boolean;
  private countedTokens = 0;
  private continuous: boolean;
  private doneSeen = false;
  private responseEnded = false;
  /** The event being interpreted was ended by the end of the response only. */
  private inLastEvent = false;
  /** When the event being interpreted was stamped. */
  private at = NaN;
  private decoder: SseDecoder | null = null;
  private readonly reader = new ChunkReader();
  private failure: unknown = null;
  private abort: ((error?: Error) => void) | null = null;

  constructor(
    private readonly room: ExchangeRoom,
    private readonly owner: ExchangeOwner,
    private readonly listener: ExchangeListener,
    options: SendOptions,
  ) {
    this.requestId = options.requestId;
    this.collectText = options.collectText;
    this.continuous = room.continuousUsage;
  }

  cancel(reason: ErrorClass = 'aborted'): void {
    try {
      this.room.queue.drain();
    } finally {
      this.fail(reason, 'ended by this client', this.room.clock.now());
    }
  }

  // In the socket's callbacks.

  onConnect(abort: (error?: Error) => void): void {
    // Throwing takes the request back without closing the connection.
    if (this.outcome !== null) throw new Error('ended before it was written');
    this.abort = abort;
    this.owner.onWritten();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true;
    const head = readHead(status, headers, this.room.clock.epoch());
    this.httpStatus = status;
    this.retryAfterSeconds = head.retryAfterSeconds;
    if (isEventStream(head)) this.decoder = new SseDecoder(this);
    else this.unstreamed = new UnstreamedAnswer(head);
    return true;
  }

  onData(data: Buffer): boolean {
    this.room.queue.data(this, data);
    return true;
  }

  onComplete(): void {
    this.responseEnded = true;
    this.room.queue.end(this);
  }

  onError(error: Error): void {
    this.responseEnded = true;
    if (this.outcome !== null) return;
    this.failure = error;
    this.room.queue.error(this);
  }

  // When what was stamped is interpreted.

  onStampedData(data: Buffer, at: number): void {
    if (this.outcome !== null) return;
    this.at = at;
    const { decoder } = this;
    if (decoder === null) return this.unstreamed?.add(data);
    decoder.push(data);
    if (decoder.overflowed) this.fail('malformed', 'an event of the stream is too long to be kept', at);
  }

  onStampedEnd(at: number): void {
    if (this.outcome !== null) return;
    this.at = at;
    if (this.unstreamed !== null) return this.failUnstreamed(this.unstreamed, at);
    this.inLastEvent = true;
    this.decoder?.end();
    if (this.outcome === null) this.settle(at);
  }

  onStampedError(at: number): void {
    if (this.outcome !== null) return;
    if (this.doneSeen) return this.settle(at);
    if (this.httpStatus >= 300 && this.unstreamed !== null) return this.failUnstreamed(this.unstreamed, at);
    const { outcome, reason } = classifyFailure(this.failure, !Number.isNaN(this.httpStatus));
    this.fail(outcome, reason, at);
  }

  onEvent(data: string): void {
    if (this.outcome !== null || this.doneSeen) return;
    this.lastEventAt = this.at;
    this.reader.read(data, chunk);
    if (chunk.kind === 'chunk') return this.onChunk();
    if (chunk.kind === 'done') this.doneSeen = true;
    else if (chunk.kind === 'error') this.fail('malformed', `the stream carried an error: ${chunk.message}`, this.at);
    else if (this.inLastEvent) this.fail('truncated', 'the stream ended in the middle of an event', this.at);
    else this.fail('malformed', chunk.message, this.at);
  }

  deadline(): number {
    return deadlineOf(this, this.room.timeouts);
  }

  expire(now: number): void {
    if (this.outcome !== null) return;
    if (this.doneSeen) return this.settle(now);
    if (this.httpStatus >= 300 && this.unstreamed !== null) return this.failUnstreamed(this.unstreamed, now);
    const { outcome, reason } = exceededLimit(this, this.room.timeouts, now);
    this.fail(outcome, reason, now);
  }

  private onChunk(): void {
    const { at } = this;
    let tokens = chunk.text !== '' || chunk.reasoning || chunk.toolCall ? 1 : 0;
    const told = chunk.completionTokens;
    if (!Number.isNaN(told)) tokens = this.onUsage(told, tokens);
    if (!chunk.hasChoice) return;
    if (Number.isNaN(this.firstChunkAt)) this.firstChunkAt = at;
    if (chunk.text !== '') {
      if (Number.isNaN(this.firstVisibleAt)) this.firstVisibleAt = at;
      if (this.collectText) this.text += chunk.text;
    }
    if (chunk.finished) this.finishedAt = at;
    if (tokens > 0) this.onTokens(tokens, at);
  }

  /** Takes the usage of a chunk; the tokens that the chunk brought, by the rise of the count where that is running. */
  private onUsage(told: number, tokens: number): number {
    this.tokensSource = 'usage';
    this.outputTokens = told;
    if (!Number.isNaN(chunk.promptTokens)) this.inputTokens = chunk.promptTokens;
    if (!Number.isNaN(chunk.cachedTokens)) this.cachedTokens = chunk.cachedTokens;
    if (!chunk.hasChoice) return 0;
    // A first count on the finishing chunk is the total, which servers tell without any running count.
    if (!this.continuous && chunk.finished) return tokens;
    this.continuous = true;
    this.continuousUsageSeen = true;
    // A server whose count stands still at 0 while text comes tells no running count.
    if (told === 0 && tokens > 0) return tokens;
    return Math.max(0, told - this.countedTokens);
  }

  private onTokens(tokens: number, at: number): void {
    const gapSeconds = at - this.lastTokenAt;
    if (Number.isNaN(this.firstTokenAt)) this.firstTokenAt = at;
    this.lastTokenAt = at;
    this.tokenChunks += 1;
    this.countedTokens += tokens;
    this.listener.onTokenChunk(this, at, tokens, gapSeconds);
  }

  private settle(at: number): void {
    if (!this.doneSeen && Number.isNaN(this.finishedAt)) {
      return this.fail('truncated', 'the stream ended without a finish reason and without [DONE]', at);
    }
    if (this.tokenChunks === 0) return this.fail('empty', 'the stream ended without a single token', at);
    this.conclude('ok', '', at);
  }

  private failUnstreamed(answer: UnstreamedAnswer, at: number): void {
    const { outcome, reason } = answer.failure();
    this.fail(outcome, reason, at);
  }

  private fail(outcome: ErrorClass, reason: string, at: number): void {
    if (this.outcome !== null) return;
    this.conclude(outcome, `${this.room.shown}: ${shorten(this.room.redact(reason))}`, at);
  }

  private conclude(outcome: Outcome, detail: string, at: number): void {
    this.outcome = outcome;
    this.detail = detail;
    this.endedAt = at;
    if (this.tokensSource === 'chunks' && this.countedTokens > 0) this.outputTokens = this.countedTokens;
    this.decoder = null;
    this.room.deadlines.remove(this);
    if (!this.responseEnded) this.abort?.(new Error('ended by the client'));
    this.abort = null;
    this.listener.onEnd(this);
  }
}
