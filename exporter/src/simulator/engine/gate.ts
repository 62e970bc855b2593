import type { EngineStatistics } from './statistics.js';
import type { Engine, EngineEvent, EngineLoad, EngineRequest, EngineWorker } from './types.js';

/**
 * Something before an engine that lets only so many requests through at once, first come first served: a proxy with a
 * lock around each call. The engine does not see those that wait outside; in `load` they are in the front end.
 * @throws RangeError when nothing would ever be let through.
 */
export function createGatedEngine(engine: Engine, admitted: number): Engine {
  if (!(admitted >= 1)) throw new RangeError(`at least 1 request must be let through at once, got ${admitted}`);
  return new GatedEngine(engine, admitted);
}

class GatedEngine implements Engine {
  private readonly inside = new Set<number>();
  /** In order of arrival; a Map, so that one that gives up is found. */
  private readonly outside = new Map<number, EngineRequest>();

  constructor(
    private readonly engine: Engine,
    private readonly admitted: number,
  ) {}

  get workers(): readonly EngineWorker[] {
    return this.engine.workers;
  }

  get statistics(): EngineStatistics {
    return this.engine.statistics;
  }

  submit(request: EngineRequest, now: number): void {
    if (this.inside.has(request.id) || this.outside.has(request.id)) {
      throw new RangeError(`request ${request.id} is under way already`);
    }
    this.outside.set(request.id, request);
    this.letIn(now);
  }

  abort(id: number, now: number): boolean {
    if (this.outside.delete(id)) return true;
    if (!this.inside.delete(id)) return false;
    const aborted = this.engine.abort(id, now);
    this.letIn(now);
    return aborted;
  }

  step(now: number): EngineEvent[] {
    const events: EngineEvent[] = [];
    for (let at = this.engine.nextEventAt(); at <= now; at = this.engine.nextEventAt()) {
      for (const event of this.engine.step(at)) {
        events.push(event);
        if (event.kind !== 'finished') continue;
        this.inside.delete(event.id);
        this.letIn(event.at);
      }
    }
    return events;
  }

  nextEventAt(): number {
    return this.engine.nextEventAt();
  }

  load(): EngineLoad {
    const load = this.engine.load();
    return { ...load, frontEnd: load.frontEnd + this.outside.size };
  }

  resetPrefixCache(now: number, preemptRunning: boolean): boolean {
    return this.engine.resetPrefixCache(now, preemptRunning);
  }

  private letIn(now: number): void {
    for (const [id, request] of this.outside) {
      if (this.inside.size >= this.admitted) return;
      this.outside.delete(id);
      this.inside.add(id);
      this.engine.submit(request, now);
    }
  }
}
