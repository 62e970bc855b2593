import type { Clock, Timer } from '../clock/clock.js';
import { createHistogram, observe } from './engine/statistics.js';
import type { Engine, EngineEvent, EngineRequest } from './engine/types.js';

/** How events are delivered. */
export interface DeliveryPace {
  /** Timers closer than this are served by one tick. */
  tickSeconds: number;
  /** Events delivered before the loop turns. */
  sliceEvents: number;
}

/**
 * On the machine's clock: writing an event to a socket takes tens of microseconds, so a step of hundreds in one go would
 * keep new requests waiting for milliseconds.
 */
export const REAL_TIME: DeliveryPace = { tickSeconds: 0.001, sliceEvents: 32 };
/** On a clock that stands still meanwhile: each event at its own time. */
export const VIRTUAL_TIME: DeliveryPace = { tickSeconds: 0, sliceEvents: Infinity };
const LAG_EDGES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Told of one request's progress. */
export interface TokenListener {
  /** It has become part of a step; `cachedTokens` of its prompt were found in the prefix cache. */
  onScheduled(cachedTokens: number): void;
  /** `tokens` new ones at once; `produced` counts them. */
  onTokens(produced: number, tokens: number): void;
}

/**
 * Moves an engine along a clock: one timer for all requests, set to the engine's next event. The engine's own times do
 * not depend on when the timer fires, so a late tick delays what it delivers and nothing after it.
 */
export class EngineDriver {
  /** How late the earliest event of each delivery was, seconds; timers alone account for about 1 ms. */
  readonly lag = createHistogram(LAG_EDGES);
  private readonly listeners = new Map<number, TokenListener>();
  private undelivered: EngineEvent[] = [];
  private delivered = 0;
  private delivering = false;
  private timer: Timer | null = null;
  private timerAt = Infinity;
  private worstLag = 0;
  private nextId = 1;
  private stopped = false;

  constructor(
    private engine: Engine,
    private readonly clock: Clock,
    private readonly pace = REAL_TIME,
  ) {}

  /** Hands a request to the engine now. Returns its number, for `abort`. */
  submit(request: Omit<EngineRequest, 'id'>, listener: TokenListener): number {
    const id = this.nextId++;
    this.advance();
    this.engine.submit({ ...request, id }, this.clock.now());
    this.listeners.set(id, listener);
    this.arm();
    return id;
  }

  /** The client has gone: frees the request's slot. Does nothing when it has ended. */
  abort(id: number): void {
    if (!this.listeners.delete(id)) return;
    this.engine.abort(id, this.clock.now());
    this.arm();
  }

  /** The longest that events were delivered after their time, since the last call; seconds. */
  takeWorstLag(): number {
    const lag = this.worstLag;
    this.worstLag = 0;
    return lag;
  }

  /** See `Engine.resetPrefixCache`. */
  resetPrefixCache(preemptRunning: boolean): boolean {
    this.advance();
    const reset = this.engine.resetPrefixCache(this.clock.now(), preemptRunning);
    this.arm();
    return reset;
  }

  /** Goes on with another engine, as after a restart: nobody hears of the requests under way any more. */
  replace(engine: Engine): void {
    this.timer?.cancel();
    this.timer = null;
    this.timerAt = Infinity;
    this.listeners.clear();
    this.undelivered = [];
    this.delivered = 0;
    this.engine = engine;
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.listeners.clear();
    this.undelivered = [];
  }

  private readonly onTimer = (): void => {
    this.timer = null;
    this.timerAt = Infinity;
    this.advance();
    this.arm();
  };

  private advance(): void {
    const now = this.clock.now();
    const due = this.engine.nextEventAt();
    if (due > now) return;
    this.worstLag = Math.max(this.worstLag, now - due);
    observe(this.lag, now - due);
    for (const event of this.engine.step(now)) this.undelivered.push(event);
    if (!this.delivering) this.deliver();
  }

  private readonly deliver = (): void => {
    const until = Math.min(this.undelivered.length, this.delivered + this.pace.sliceEvents);
    while (this.delivered < until) this.tell(this.undelivered[this.delivered++]!);
    this.delivering = this.delivered < this.undelivered.length;
    if (this.delivering) return this.clock.defer(this.deliver);
    this.undelivered = [];
    this.delivered = 0;
  };

  private tell(event: EngineEvent): void {
    if (event.kind === 'token') this.listeners.get(event.id)?.onTokens(event.produced, event.tokens);
    else if (event.kind === 'finished') this.listeners.delete(event.id);
    else if (event.kind === 'scheduled') this.listeners.get(event.id)?.onScheduled(event.cachedTokens);
  }

  private arm(): void {
    const next = this.engine.nextEventAt();
    if (this.stopped || next >= this.timerAt || next === Infinity) return;
    this.timer?.cancel();
    const delay = Math.max(this.pace.tickSeconds, next - this.clock.now());
    this.timerAt = next;
    this.timer = this.clock.timer(delay, this.onTimer);
  }
}
