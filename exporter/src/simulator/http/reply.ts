import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import type { EngineDriver, TokenListener } from '../driver.js';
import type { WriteLog } from '../write-log.js';
import type { ReplyNames } from './frames.js';
import type { Generation } from './generation.js';

/** What all replies of one server share. */
export interface ReplyContext {
  clock: Clock;
  driver: EngineDriver;
  log: WriteLog | null;
  counters: ReplyCounters;
}

/** Cumulative. */
export interface ReplyCounters {
  /** Token events given to sockets. */
  tokensWritten: number;
  /** Replies that ended, by how. */
  finished: number;
  aborted: number;
  faults: number;
}

export interface ReplyTimes {
  /** The request's head was parsed; seconds. */
  arrivedAt: number;
  /** Its body was complete. */
  receivedAt: number;
}

/** One answer under way: gets the engine's tokens, ends once, gives its slot back when the client goes away. */
export abstract class Reply implements TokenListener {
  protected firstTokenAt = NaN;
  protected lastTokenAt = NaN;
  protected written = 0;
  protected ended = false;
  /** Prompt tokens found in the prefix cache; null: not known, or nothing is cached here. */
  protected cachedTokens: number | null = null;
  private readonly tokenTimes: number[] | null;
  private submission = 0;

  constructor(
    protected readonly response: ServerResponse,
    protected readonly generation: Generation,
    protected readonly names: ReplyNames,
    private readonly times: ReplyTimes,
    protected readonly context: ReplyContext,
  ) {
    this.tokenTimes = context.log?.tokenTimes ? [] : null;
    response.on('close', () => this.end('aborted'));
  }

  abstract onTokens(produced: number, tokens: number): void;

  /** Called again after a preemption, which finds what the request left itself: the first time counts. */
  onScheduled(cachedTokens: number): void {
    if (this.generation.blockHashes !== undefined) this.cachedTokens ??= cachedTokens;
  }

  /** Hands the request to the engine, now or as late as a fault wants. */
  start(): void {
    const { fault } = this.generation;
    if (fault?.fault !== 'slow_first_token') return this.submit();
    const timer = this.context.clock.timer(fault.delaySeconds, () => this.submit());
    this.response.on('close', () => timer.cancel());
  }

  /** Call immediately before `tokens` tokens are given to the socket. */
  protected stampTokens(tokens: number): void {
    const at = this.context.clock.now();
    if (this.written === 0) this.firstTokenAt = at;
    this.lastTokenAt = at;
    this.written += tokens;
    this.context.counters.tokensWritten += tokens;
    if (this.tokenTimes !== null) for (let token = 0; token < tokens; token++) this.tokenTimes.push(at);
  }

  /** True when a fault that ends the answer strikes before token `produced`; always before the last one. */
  protected breaksBefore(produced: number): boolean {
    const { fault, outputTokens } = this.generation;
    if (fault === null || !(fault.fault === 'truncate' || fault.fault === 'stall' || fault.fault === 'reset')) {
      return false;
    }
    return produced > Math.min(fault.afterTokens, outputTokens - 1);
  }

  protected end(outcome: 'finished' | 'aborted' | 'fault'): void {
    if (this.ended) return;
    this.ended = true;
    this.context.driver.abort(this.submission);
    this.context.counters[outcome === 'fault' ? 'faults' : outcome]++;
    this.context.log?.add({
      requestId: this.names.requestId,
      ...this.times,
      firstTokenAt: this.firstTokenAt,
      lastTokenAt: this.lastTokenAt,
      endedAt: this.context.clock.now(),
      tokens: this.written,
      outcome,
      ...(this.tokenTimes === null ? {} : { tokenTimes: this.tokenTimes }),
    });
  }

  private submit(): void {
    if (this.ended) return;
    this.submission = this.context.driver.submit(this.generation, this);
  }
}
