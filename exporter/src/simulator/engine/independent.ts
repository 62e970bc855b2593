import { createStatistics, observe, recordFinished, recordPrompt, recordTokens } from './statistics.js';
import type { LatencyEdges, RequestTimes } from './statistics.js';
import type { Engine, EngineEvent, EngineRequest, EngineWorker } from './types.js';

/** Fixed timing of streams that do not influence each other; seconds. */
export interface IndependentTiming {
  ttftSeconds: number;
  itlSeconds: number;
}

interface Stream {
  readonly request: EngineRequest;
  readonly times: RequestTimes;
  produced: number;
  nextAt: number;
  ended: boolean;
}

/** First in, first out without moving elements; both queues below are in order of `nextAt` by construction. */
class StreamQueue {
  private items: Stream[] = [];
  private head = 0;

  push(stream: Stream): void {
    this.items.push(stream);
  }

  /** The first stream that has not ended. */
  peek(): Stream | undefined {
    let first = this.items[this.head];
    while (first?.ended) {
      this.shift();
      first = this.items[this.head];
    }
    return first;
  }

  shift(): void {
    this.head++;
    if (this.head > 1024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
  }
}

/**
 * Streams that tick by themselves: the first token exactly `ttftSeconds` after arrival, then one each `itlSeconds`,
 * whatever the others do. For calibrating clients: any other timing that a client reports is its own.
 */
export function createIndependentEngine(timing: IndependentTiming, maxModelLen: number, edges?: LatencyEdges): Engine {
  return new IndependentEngine(timing, maxModelLen, edges);
}

class IndependentEngine implements Engine {
  readonly statistics;
  private readonly streams = new Map<number, Stream>();
  /** Equal waits keep each queue sorted: one for first tokens, one for all others. */
  private readonly first = new StreamQueue();
  private readonly following = new StreamQueue();
  private streaming = 0;

  constructor(
    private readonly timing: IndependentTiming,
    maxModelLen: number,
    edges?: LatencyEdges,
  ) {
    this.statistics = createStatistics(maxModelLen, edges);
  }

  get workers(): readonly EngineWorker[] {
    return [this];
  }

  /** It has none. */
  resetPrefixCache(): boolean {
    return true;
  }

  submit(request: EngineRequest, now: number): void {
    if (this.streams.has(request.id)) throw new RangeError(`request ${request.id} is under way already`);
    const times = { arrivedAt: now, queuedAt: now, scheduledAt: now, firstTokenAt: NaN, lastTokenAt: NaN };
    const stream: Stream = { request, times, produced: 0, nextAt: now + this.timing.ttftSeconds, ended: false };
    this.streams.set(request.id, stream);
    this.first.push(stream);
  }

  abort(id: number): boolean {
    const stream = this.streams.get(id);
    if (stream === undefined) return false;
    this.end(stream);
    this.statistics.finished.abort++;
    return true;
  }

  step(now: number): EngineEvent[] {
    const events: EngineEvent[] = [];
    for (;;) {
      const queue = this.nextQueue();
      const stream = queue.peek();
      if (stream === undefined || stream.nextAt > now) return events;
      queue.shift();
      this.emit(stream, events);
    }
  }

  nextEventAt(): number {
    return this.nextQueue().peek()?.nextAt ?? Infinity;
  }

  load(): ReturnType<Engine['load']> {
    return { frontEnd: this.streams.size - this.streaming, waiting: 0, running: this.streaming, kvUsage: 0 };
  }

  private nextQueue(): StreamQueue {
    const first = this.first.peek();
    const following = this.following.peek();
    if (following === undefined) return this.first;
    return first !== undefined && first.nextAt <= following.nextAt ? this.first : this.following;
  }

  private emit(stream: Stream, events: EngineEvent[]): void {
    const { request, times, nextAt: at } = stream;
    const produced = ++stream.produced;
    if (produced === 1) {
      this.streaming++;
      recordPrompt(this.statistics, request.promptTokens, 0);
    }
    observe(this.statistics.iterationTokens, 1);
    recordTokens(this.statistics, times, 1, at);
    events.push({ kind: 'token', id: request.id, at, tokens: 1, produced });
    if (produced === request.outputTokens) {
      recordFinished(this.statistics, times, { ...request, cachedTokens: 0, preemptions: 0 });
      this.end(stream);
      events.push({ kind: 'finished', id: request.id, at, reason: request.finish });
      return;
    }
    stream.nextAt = at + this.timing.itlSeconds;
    this.following.push(stream);
  }

  private end(stream: Stream): void {
    if (stream.produced > 0) this.streaming--;
    stream.ended = true;
    this.streams.delete(stream.request.id);
  }
}
