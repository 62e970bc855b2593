import { sumStatistics } from './statistics.js';
import type { EngineStatistics } from './statistics.js';
import type { Engine, EngineEvent, EngineLoad, EngineRequest, EngineWorker, RoutableEngine, Routing } from './types.js';

/** What the router remembers of a request that it has sent to a worker. */
interface Sent {
  worker: number;
  /** Prompt tokens the worker has still to compute; 0 from the first token on. */
  prefillTokens: number;
  /** Blocks of its prompt. */
  blocks: number;
}

/** The router's own books of one worker. */
interface WorkerBooks {
  prefillTokens: number;
  blocks: number;
}

type Workers = readonly [RoutableEngine, ...RoutableEngine[]];

/** Several workers behind one address. A request goes to one of them when it arrives and stays there. */
export function createRouterEngine(workers: Workers, routing: Routing): Engine {
  return new RouterEngine(workers, routing);
}

class RouterEngine implements Engine {
  private readonly sent = new Map<number, Sent>();
  private readonly books: WorkerBooks[];
  private arrivals = 0;

  constructor(
    private readonly engines: Workers,
    private readonly routing: Routing,
  ) {
    this.books = engines.map(() => ({ prefillTokens: 0, blocks: 0 }));
  }

  get workers(): readonly EngineWorker[] {
    return this.engines;
  }

  get statistics(): EngineStatistics {
    const [first, ...others] = this.engines;
    return sumStatistics([first.statistics, ...others.map(({ statistics }) => statistics)]);
  }

  submit(request: EngineRequest, now: number): void {
    if (this.sent.has(request.id)) throw new RangeError(`request ${request.id} is under way already`);
    const worker = this.choose(request);
    const engine = this.engines[worker]!;
    const prefillTokens = request.promptTokens - engine.cachedTokens(request);
    engine.submit(request, now);
    const sent = { worker, prefillTokens, blocks: Math.ceil(request.promptTokens / engine.config.blockSize) };
    this.sent.set(request.id, sent);
    this.books[worker]!.prefillTokens += sent.prefillTokens;
    this.books[worker]!.blocks += sent.blocks;
  }

  abort(id: number, now: number): boolean {
    const sent = this.sent.get(id);
    if (sent === undefined) return false;
    this.forget(id, sent);
    return this.engines[sent.worker]!.abort(id, now);
  }

  step(now: number): EngineEvent[] {
    const events: EngineEvent[] = [];
    for (;;) {
      const engine = this.next();
      const at = engine.nextEventAt();
      if (at > now) return events;
      for (const event of engine.step(at)) {
        this.note(event);
        events.push(event);
      }
    }
  }

  nextEventAt(): number {
    return this.next().nextEventAt();
  }

  load(): EngineLoad {
    const loads = this.engines.map((engine) => engine.load());
    const sum = (pick: (load: EngineLoad) => number): number => loads.reduce((total, load) => total + pick(load), 0);
    return {
      frontEnd: sum(({ frontEnd }) => frontEnd),
      waiting: sum(({ waiting }) => waiting),
      running: sum(({ running }) => running),
      kvUsage: sum(({ kvUsage }) => kvUsage) / loads.length,
    };
  }

  /** True when all workers forgot theirs. */
  resetPrefixCache(now: number, preemptRunning: boolean): boolean {
    return this.engines.map((engine) => engine.resetPrefixCache(now, preemptRunning)).every(Boolean);
  }

  /** Which worker the next request goes to. */
  private choose(request: EngineRequest): number {
    const turn = this.arrivals++ % this.engines.length;
    if (this.routing.kind === 'round-robin') return turn;
    let best = turn;
    let bestCost = Infinity;
    for (let step = 0; step < this.engines.length; step++) {
      const worker = (turn + step) % this.engines.length; // equal ones take turns
      const cost = this.cost(worker, request, this.routing.overlapWeight);
      if (cost >= bestCost) continue;
      best = worker;
      bestCost = cost;
    }
    return best;
  }

  /** Blocks to prefill and blocks held, if the request went there. */
  private cost(worker: number, request: EngineRequest, overlapWeight: number): number {
    const engine = this.engines[worker]!;
    const { prefillTokens, blocks } = this.books[worker]!;
    const { blockSize } = engine.config;
    const toPrefill = (prefillTokens + request.promptTokens - engine.cachedTokens(request)) / blockSize;
    return overlapWeight * toPrefill + blocks + request.promptTokens / blockSize;
  }

  private note(event: EngineEvent): void {
    if (event.kind !== 'token' && event.kind !== 'finished') return;
    const sent = this.sent.get(event.id);
    if (sent === undefined) return;
    if (event.kind === 'finished') return this.forget(event.id, sent);
    this.books[sent.worker]!.prefillTokens -= sent.prefillTokens;
    sent.prefillTokens = 0;
  }

  private forget(id: number, { worker, prefillTokens, blocks }: Sent): void {
    this.sent.delete(id);
    this.books[worker]!.prefillTokens -= prefillTokens;
    this.books[worker]!.blocks -= blocks;
  }

  private next(): RoutableEngine {
    let [first] = this.engines;
    for (const engine of this.engines) if (engine.nextEventAt() < first.nextEventAt()) first = engine;
    return first;
  }
}
