import type { Clock, Timer } from '../clock/clock.js';
import type { TimeoutsSpec } from '../config/spec.js';
import type { EngineDriver, TokenListener } from '../simulator/driver.js';
import type { Generation } from '../simulator/http/generation.js';
import { AnswerText, answerText } from '../simulator/text/words.js';
import type { Deadlines, Perishable } from '../target/deadlines.js';
import { deadlineOf, exceededLimit } from '../target/time-limits.js';
import type { ErrorClass, Exchange, ExchangeListener, Outcome, SendOptions } from '../target/types.js';

/** What all exchanges of one virtual target share. */
export interface VirtualRoom {
  clock: Clock;
  driver: EngineDriver;
  deadlines: Deadlines;
  timeouts: TimeoutsSpec;
  /** Time on the wire, there and back. */
  networkSeconds: number;
  /** The server as messages show it. */
  shown: string;
}

/** A request that the server would not take. */
export interface Refusal {
  status: number;
  message: string;
}

/**
 * One request and its answer in virtual time, with the stamps, counts and outcome classes that the same answer has over
 * HTTP. The wire's time is spent on the way there: a constant moves all stamps alike, whichever way it falls on.
 */
export class VirtualExchange implements Exchange, Perishable, TokenListener {
  readonly requestId: string;
  readonly startedAt: number;
  firstTokenAt = NaN;
  firstVisibleAt = NaN;
  lastTokenAt = NaN;
  finishedAt = NaN;
  endedAt = NaN;
  lastEventAt = NaN;
  tokenChunks = 0;
  outputTokens = NaN;
  inputTokens = NaN;
  cachedTokens = NaN;
  readonly tokensSource = 'usage';
  httpStatus = NaN;
  readonly retryAfterSeconds = NaN;
  text = '';
  outcome: Outcome | null = null;
  detail = '';
  deadlineIndex = -1;
  private readonly collectText: boolean;
  private readonly words: AnswerText;
  private submission = 0;
  private foundTokens: number | null = null;
  private arrival: Timer | null;

  constructor(
    private readonly room: VirtualRoom,
    private readonly generation: Generation | Refusal,
    private readonly listener: ExchangeListener,
    { requestId, collectText }: SendOptions,
  ) {
    this.requestId = requestId;
    this.collectText = collectText;
    this.startedAt = room.clock.now();
    this.words = new AnswerText('status' in generation ? 0 : generation.textSeed);
    this.arrival = room.clock.timer(room.networkSeconds, () => this.arrive());
    room.deadlines.add(this);
  }

  /** The role chunk comes in one burst with the first token. */
  get firstChunkAt(): number {
    return this.firstTokenAt;
  }

  cancel(reason: ErrorClass = 'aborted'): void {
    this.fail(reason, 'ended by this client');
  }

  deadline(): number {
    return deadlineOf(this, this.room.timeouts);
  }

  expire(now: number): void {
    const { outcome, reason } = exceededLimit(this, this.room.timeouts, now);
    this.fail(outcome, reason);
  }

  /** Told to the client with the usage at the answer's end. */
  onScheduled(cachedTokens: number): void {
    this.foundTokens ??= cachedTokens;
  }

  onTokens(produced: number, tokens: number): void {
    const { generation } = this;
    if (this.outcome !== null || 'status' in generation) return;
    const at = this.room.clock.now();
    const gapSeconds = at - this.lastTokenAt;
    if (this.tokenChunks === 0) {
      this.firstTokenAt = at;
      this.inputTokens = generation.promptTokens;
    }
    this.lastTokenAt = at;
    this.lastEventAt = at;
    this.tokenChunks += 1;
    this.outputTokens = produced;
    const ends = produced === generation.outputTokens;
    if (Number.isNaN(this.firstVisibleAt) && (this.readsVisible(tokens) || ends)) this.firstVisibleAt = at;
    this.listener.onTokenChunk(this, at, tokens, gapSeconds);
    if (ends && this.outcome === null) this.finish(generation, at);
  }

  private arrive(): void {
    this.arrival = null;
    const { generation } = this;
    if ('status' in generation) {
      this.httpStatus = generation.status;
      return this.fail('http_4xx', `answered ${generation.status}: ${generation.message}`);
    }
    this.httpStatus = 200;
    this.submission = this.room.driver.submit(generation, this);
  }

  /** Whether one of the next tokens' words is shown at once: the server holds some back until the next one comes. */
  private readsVisible(tokens: number): boolean {
    let visible = false;
    for (let token = 0; token < tokens; token++) {
      this.words.next();
      visible ||= !this.words.nextIsInvisible();
    }
    return visible;
  }

  private finish({ textSeed, outputTokens, finish, blockHashes }: Generation, at: number): void {
    this.finishedAt = at;
    if (blockHashes !== undefined) this.cachedTokens = this.foundTokens ?? NaN;
    if (this.collectText) this.text = answerText(textSeed, outputTokens, finish);
    this.conclude('ok', '');
  }

  private fail(outcome: ErrorClass, reason: string): void {
    if (this.outcome !== null) return;
    this.arrival?.cancel();
    if (this.submission !== 0) this.room.driver.abort(this.submission);
    this.conclude(outcome, `${this.room.shown}: ${reason}`);
  }

  private conclude(outcome: Outcome, detail: string): void {
    this.outcome = outcome;
    this.detail = detail;
    this.endedAt = this.room.clock.now();
    this.room.deadlines.remove(this);
    this.listener.onEnd(this);
  }
}
