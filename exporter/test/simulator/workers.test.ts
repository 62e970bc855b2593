import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEngine, slowWorker } from '../../src/simulator/engine/create.js';
import type { Deployment, Engine, EngineEvent, Routing } from '../../src/simulator/engine/types.js';
import { ask, askTokens, cachedOf, drain, MAX_MODEL_LEN, play, sharingRequests, small } from './engine-harness.js';
import { tokenRange, tokensOf } from './engine-harness.js';

const noisy = { ...small, stepCost: { ...small.stepCost, noiseRatio: 0.1 } };
const kvAware: Routing = { kind: 'kv-aware', overlapWeight: 1 };

function deployment(workers: number, part: Partial<Deployment> = {}): Deployment {
  return {
    workers: Array.from({ length: workers }, () => small),
    routing: { kind: 'round-robin' },
    admitted: Infinity,
    maxModelLen: MAX_MODEL_LEN,
    ...part,
  };
}

function runningOf(engine: Engine): number[] {
  return engine.workers.map((worker) => worker.load().running);
}

describe('several workers', () => {
  it('get requests in turn', () => {
    const engine = createEngine(deployment(3), 1);
    for (let id = 0; id < 6; id++) engine.submit(ask(id, 10, 50), 0);
    engine.step(0.1);
    expect(runningOf(engine)).toEqual([2, 2, 2]);
    expect(engine.load()).toMatchObject({ running: 6, waiting: 0 });
  });

  it('that know of their caches get a conversation’s next turn where its past is', () => {
    const past = (family: number): number[] => tokenRange(family * 10_000, 160);
    const hits = (routing: Routing): number => {
      const engine = createEngine(deployment(3, { routing }), 1);
      for (let id = 0; id < 4; id++) engine.submit(askTokens(id, past(id)), id * 0.001);
      drain(engine);
      for (let id = 0; id < 4; id++) engine.submit(askTokens(10 + id, [...past(id), 7, 7, 7]), 10 + id);
      const events = drain(engine);
      return tokenRange(10, 4).filter((id) => cachedOf(events, id) > 0).length;
    };
    expect(hits(kvAware)).toBe(4);
    expect(hits({ kind: 'round-robin' })).toBeLessThan(4);
  });

  it('that know of their caches still share the load when everybody begins alike', () => {
    const engine = createEngine(deployment(3, { routing: kvAware }), 1);
    for (let id = 0; id < 12; id++)
      engine.submit(askTokens(id, tokenRange(0, 160), tokenRange(500 + id, 200)), id * 0.1);
    engine.step(1.3);
    expect(Math.max(...runningOf(engine)) - Math.min(...runningOf(engine))).toBeLessThanOrEqual(2);
  });

  it('have noise of their own, and the first one that of a single engine with the same seed', () => {
    const times = (workers: number, worker: number): number[] => {
      const engine = createEngine(deployment(workers, { workers: tokenRange(0, workers).map(() => noisy) }), 5);
      for (let id = 0; id < workers; id++) engine.submit(ask(id, 10, 20), 0);
      return drain(engine).flatMap((event) => (event.kind === 'token' && event.id === worker ? [event.at] : []));
    };
    expect(times(2, 0)).toEqual(times(1, 0));
    expect(times(2, 1)).not.toEqual(times(2, 0));
  });

  it('may have a slow one among them, which keeps more requests in round-robin', () => {
    const engine = createEngine(deployment(2, { workers: [small, slowWorker(small, 4)] }), 1);
    for (let id = 0; id < 40; id++) {
      engine.step(id * 0.2);
      engine.submit(ask(id, 10, 60), id * 0.2);
    }
    const [fast, slow] = engine.workers.map((worker) => worker.load());
    expect(slow!.running + slow!.waiting).toBeGreaterThan(3 * (fast!.running + fast!.waiting));
  });

  it('tell events in order of time, with sums that are those of all events', () => {
    const routing = fc.constantFrom<Routing>({ kind: 'round-robin' }, kvAware);
    fc.assert(
      fc.property(sharingRequests, routing, fc.integer({ min: 1, max: 4 }), fc.nat(), (plan, kind, workers, seed) => {
        const configs = tokenRange(0, workers).map(() => ({ ...noisy, numBlocks: 40 }));
        const engine = createEngine(deployment(workers, { workers: configs, routing: kind }), seed);
        const events = play(engine, plan);
        expect(events.every(({ at }, index) => index === 0 || at >= events[index - 1]!.at)).toBe(true);
        for (const { request } of plan)
          expect(tokensOf(events, request.id)).toEqual(tokenRange(1, request.outputTokens));
        expectSums(engine, events);
        expect(engine.load()).toEqual({ frontEnd: 0, waiting: 0, running: 0, kvUsage: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('lose only the request that is aborted', () => {
    const engine = createEngine(deployment(2), 1);
    for (let id = 0; id < 4; id++) engine.submit(ask(id, 10, 50), 0);
    engine.step(0.1);
    expect(engine.abort(2, 0.1)).toBe(true);
    expect(engine.abort(2, 0.1)).toBe(false);
    const events = drain(engine);
    expect([0, 1, 2, 3].map((id) => tokensOf(events, id).at(-1))).toEqual([50, 50, undefined, 50]);
    expect(engine.statistics.finished).toMatchObject({ length: 3, abort: 1 });
  });
});

function expectSums(engine: Engine, events: readonly EngineEvent[]): void {
  const { statistics } = engine;
  const count = (kind: EngineEvent['kind']): number => events.filter((event) => event.kind === kind).length;
  expect(statistics.finished.length).toBe(count('finished'));
  expect(statistics.preemptions).toBe(count('preempted'));
  expect(statistics.requestPreemptions.sum).toBe(count('preempted'));
  expect(statistics.generationTokens).toBe(count('token'));
  expect(statistics.timeToFirstToken.count + statistics.interTokenLatency.count).toBe(count('token'));
  const parts = engine.workers.map((worker) => worker.statistics.generationTokens);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(statistics.generationTokens);
}

describe('a proxy that serves one at a time', () => {
  it('makes N requests take N times as long, and the engine see one', () => {
    const last = (users: number): number => {
      const engine = createEngine(deployment(1, { admitted: 1 }), 1);
      for (let id = 0; id < users; id++) engine.submit(ask(id, 10, 20), 0);
      return drain(engine, () => expect(engine.load().running).toBeLessThanOrEqual(1)).at(-1)!.at;
    };
    expect(last(5)).toBeCloseTo(5 * last(1), 9);
    expect(last(50)).toBeCloseTo(50 * last(1), 9);
  });

  it('shows those that wait outside as load of the front end, and not in the server’s own times', () => {
    const engine = createEngine(deployment(1, { admitted: 1 }), 1);
    for (let id = 0; id < 5; id++) engine.submit(ask(id, 10, 20), 0);
    engine.step(0.1);
    expect(engine.load()).toMatchObject({ frontEnd: 4, running: 1, waiting: 0 });
    drain(engine);
    expect(engine.statistics.timeToFirstToken.sum).toBeCloseTo(5 * 0.015, 9);
  });

  it('goes on with the next one when a request is given up, inside or outside', () => {
    const engine = createEngine(deployment(1, { admitted: 1 }), 1);
    for (let id = 0; id < 4; id++) engine.submit(ask(id, 10, 20), 0);
    engine.step(0.1);
    expect([engine.abort(0, 0.1), engine.abort(2, 0.1), engine.abort(2, 0.1)]).toEqual([true, true, false]);
    const events = drain(engine);
    expect([1, 2, 3].map((id) => tokensOf(events, id).length)).toEqual([20, 0, 20]);
  });
});

describe('impossible deployments', () => {
  it.each([
    ['no worker', deployment(0), /at least one worker/],
    ['a proxy that lets nobody in', deployment(1, { admitted: 0 }), /at least 1 request must be let through/],
  ])('with %s are refused', (_, wrong, message) => {
    expect(() => createEngine(wrong, 1)).toThrow(message);
  });

  it('with a worker slower by nothing are refused', () => {
    expect(() => slowWorker(small, 0)).toThrow(/slower by a factor above 0, got 0/);
  });
});
