import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBatchingEngine } from '../../src/simulator/engine/batching.js';
import type { EngineConfig, EngineEvent } from '../../src/simulator/engine/types.js';
import { profileNamed } from '../../src/simulator/profiles.js';
import { ask, drain, MAX_MODEL_LEN, small, tokensOf } from './engine-harness.js';

const requestList = fc.array(
  fc.record({ promptTokens: fc.integer({ min: 1, max: 300 }), outputTokens: fc.integer({ min: 1, max: 60 }) }),
  { minLength: 1, maxLength: 25 },
);
const noisy = fc.record({
  slots: fc.integer({ min: 1, max: 8 }),
  batch: fc.integer({ min: 1, max: 128 }),
  seed: fc.nat(),
});

function noisyConfig(slots: number, batch: number): EngineConfig {
  const { stepCost, frontEnd } = profileNamed('l4-qwen0.5b').engine;
  return { ...small, maxNumSeqs: slots, maxNumBatchedTokens: batch, numBlocks: 40, stepCost, frontEnd };
}

describe('the batching engine', () => {
  it('answers one request after front end, prefill step and decode steps', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 32, 3), 100);
    const times = drain(engine).map(({ kind, at }) => [kind, Number((at - 100).toFixed(6))]);
    expect(times).toEqual([
      ['scheduled', 0.005],
      ['token', 0.015],
      ['token', 0.025],
      ['token', 0.035],
      ['finished', 0.035],
    ]);
  });

  it('prefills a prompt longer than a batch in chunks', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 130, 1), 0);
    const token = drain(engine).find(({ kind }) => kind === 'token')!;
    expect(token.at).toBeCloseTo(0.005 + 3 * 0.01, 9);
  });

  it('keeps decoding while another prompt is prefilled', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 16, 50), 0);
    engine.submit(ask(2, 300, 1), 0.1);
    const gaps = drain(engine)
      .filter((event) => event.kind === 'token' && event.id === 1)
      .map(({ at }, index, all) => (index === 0 ? 0.01 : at - all[index - 1]!.at));
    expect(Math.max(...gaps)).toBeCloseTo(0.01, 9);
  });

  it('makes the fifth of five requests wait for a slot', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    for (let id = 1; id <= 5; id++) engine.submit(ask(id, 1, 10), 0);
    engine.step(0.05);
    expect(engine.load()).toMatchObject({ running: 4, waiting: 1, frontEnd: 0 });
    const first = drain(engine).filter((event) => event.kind === 'token' && event.id === 5)[0]!;
    expect(first.at).toBeCloseTo(0.005 + 11 * 0.01, 9);
  });

  it('gives an aborted request’s slot to the next one', () => {
    const engine = createBatchingEngine({ ...small, maxNumSeqs: 1 }, MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 16, 400), 0);
    engine.submit(ask(2, 16, 1), 0);
    engine.step(0.1);
    expect(engine.abort(1, 0.1)).toBe(true);
    expect(engine.abort(1, 0.1)).toBe(false);
    const events = drain(engine);
    expect(tokensOf(events, 1)).toEqual([]);
    expect(tokensOf(events, 2)).toEqual([1]);
    expect(engine.statistics.finished).toEqual({ stop: 0, length: 1, abort: 1 });
    expect(engine.load().kvUsage).toBe(0);
  });

  it('tells the same events whether it is called at each or late, so nothing drifts', () => {
    const run = (pause: number): EngineEvent[] => {
      const engine = createBatchingEngine(noisyConfig(4, 64), MAX_MODEL_LEN, 7);
      for (let id = 0; id < 10; id++) engine.submit(ask(id, 50, 20), 0);
      const events: EngineEvent[] = [];
      for (let now = 0; engine.nextEventAt() < Infinity; now += pause) events.push(...engine.step(now));
      return events;
    };
    expect(run(0.5)).toEqual(run(0.001));
  });

  it('counts what it does in its statistics', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 16, 3), 0);
    drain(engine);
    const { statistics } = engine;
    expect(statistics).toMatchObject({ promptTokens: 16, generationTokens: 3 });
    expect(statistics.timeToFirstToken.sum).toBeCloseTo(0.015, 9);
    expect(statistics.interTokenLatency).toMatchObject({ count: 2 });
    expect(statistics.interTokenLatency.sum).toBeCloseTo(0.02, 9);
    expect(statistics.e2e.sum).toBeCloseTo(0.035, 9);
    expect(statistics.queueTime.sum).toBeCloseTo(0, 9);
    expect(statistics.prefillTime.sum).toBeCloseTo(0.01, 9);
    expect(statistics.decodeTime.sum).toBeCloseTo(0.02, 9);
  });

  it('preempts the youngest when KV blocks run out, and finishes it later', () => {
    const engine = createBatchingEngine({ ...small, numBlocks: 32 }, MAX_MODEL_LEN, 1);
    for (let id = 1; id <= 3; id++) engine.submit(ask(id, 100, 120), 0);
    const events = drain(engine);
    expect(engine.statistics.preemptions).toBeGreaterThan(0);
    expect(events.find(({ kind }) => kind === 'preempted')).toMatchObject({ id: 3 });
    for (const id of [1, 2, 3]) expect(tokensOf(events, id)).toHaveLength(120);
  });

  it('refuses a KV cache that could not hold one full request', () => {
    expect(() => createBatchingEngine({ ...small, numBlocks: 31 }, MAX_MODEL_LEN, 1)).toThrow(/raise numBlocks/);
  });

  it('gives every request exactly its tokens, numbered, in order of time, and ends empty', () => {
    fc.assert(
      fc.property(requestList, noisy, (requests, { slots, batch, seed }) => {
        const engine = createBatchingEngine(noisyConfig(slots, batch), MAX_MODEL_LEN, seed);
        requests.forEach((request, id) =>
          engine.submit(ask(id, request.promptTokens, request.outputTokens), id * 0.01),
        );
        const events = drain(engine);
        requests.forEach((request, id) => {
          expect(tokensOf(events, id)).toEqual(Array.from({ length: request.outputTokens }, (_, index) => index + 1));
        });
        expect(events.every(({ at }, index) => index === 0 || at >= events[index - 1]!.at)).toBe(true);
        expect(engine.load()).toEqual({ frontEnd: 0, waiting: 0, running: 0, kvUsage: 0 });
        expect(engine.statistics.finished.length).toBe(requests.length);
      }),
      { numRuns: 60 },
    );
  });

  it('never runs more sequences than slots, uses more blocks than there are, or batches more tokens than allowed', () => {
    fc.assert(
      fc.property(requestList, noisy, (requests, { slots, batch, seed }) => {
        const engine = createBatchingEngine(noisyConfig(slots, batch), MAX_MODEL_LEN, seed);
        requests.forEach((request, id) => engine.submit(ask(id, request.promptTokens, request.outputTokens), 0));
        let [steps, tokens] = [0, 0];
        drain(engine, () => {
          expect(engine.load().running).toBeLessThanOrEqual(slots);
          expect(engine.load().kvUsage).toBeLessThanOrEqual(1);
          const { count, sum } = engine.statistics.iterationTokens;
          expect(sum - tokens).toBeLessThanOrEqual(batch * (count - steps));
          [steps, tokens] = [count, sum];
        });
      }),
      { numRuns: 60 },
    );
  });

  it('starts requests in the order they came, and starves none', () => {
    fc.assert(
      fc.property(requestList, noisy, (requests, { slots, batch, seed }) => {
        const config = { ...noisyConfig(slots, batch), frontEnd: small.frontEnd };
        const engine = createBatchingEngine(config, MAX_MODEL_LEN, seed);
        requests.forEach((request, id) =>
          engine.submit(ask(id, request.promptTokens, request.outputTokens), id * 0.001),
        );
        const started = new Set(drain(engine).flatMap((event) => (event.kind === 'scheduled' ? [event.id] : [])));
        expect([...started]).toEqual(requests.map((_, id) => id));
      }),
      { numRuns: 60 },
    );
  });

  it('repeats itself for equal seeds and differs for others', () => {
    const run = (seed: number): EngineEvent[] => {
      const engine = createBatchingEngine(noisyConfig(4, 64), MAX_MODEL_LEN, seed);
      for (let id = 0; id < 10; id++) engine.submit(ask(id, 50, 20), id * 0.01);
      return drain(engine);
    };
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('survives aborts at any time: the others get all their tokens', () => {
    fc.assert(
      fc.property(requestList, noisy, fc.array(fc.nat({ max: 30 })), (requests, { slots, batch, seed }, victims) => {
        const engine = createBatchingEngine(noisyConfig(slots, batch), MAX_MODEL_LEN, seed);
        requests.forEach((request, id) => engine.submit(ask(id, request.promptTokens, request.outputTokens), 0));
        const aborted = new Set<number>();
        const left = [...victims];
        const events = drain(engine, () => {
          const victim = left.pop();
          if (victim !== undefined && engine.abort(victim, 0)) aborted.add(victim);
        });
        requests.forEach((request, id) => {
          if (!aborted.has(id)) expect(tokensOf(events, id)).toHaveLength(request.outputTokens);
        });
        expect(engine.statistics.finished.abort).toBe(aborted.size);
        expect(engine.load()).toEqual({ frontEnd: 0, waiting: 0, running: 0, kvUsage: 0 });
      }),
      { numRuns: 60 },
    );
  });
});
