import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBatchingEngine } from '../../src/simulator/engine/batching.js';
import { ask, askTokens, cachedOf, drain, MAX_MODEL_LEN, play, sharingRequests, small } from './engine-harness.js';
import { tokenRange, tokensOf } from './engine-harness.js';

describe('the prefix cache of the engine', () => {
  it('finds a conversation’s own past: the next turn computes only what is new', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    const prompt = tokenRange(0, 100);
    const answer = tokenRange(500, 60);
    engine.submit(askTokens(1, prompt, answer), 0);
    drain(engine);
    engine.submit(askTokens(2, [...prompt, ...answer, ...tokenRange(900, 20)]), 10);
    expect(cachedOf(drain(engine), 2)).toBe(144); // the last of the 160 tokens was sampled, never computed
    expect(engine.statistics).toMatchObject({ promptTokens: 280, cachedPromptTokens: 144 });
    expect(engine.statistics).toMatchObject({ prefixCacheQueries: 280, prefixCacheHits: 144 });
  });

  it('always computes the last token of a prompt that is cached whole', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(askTokens(1, tokenRange(0, 64)), 0);
    engine.submit(askTokens(2, tokenRange(0, 64)), 10);
    expect(cachedOf(drain(engine), 2)).toBe(48);
  });

  it('shares what another request is computing in the same step', () => {
    const engine = createBatchingEngine({ ...small, maxNumBatchedTokens: 200 }, MAX_MODEL_LEN, 1);
    engine.submit(askTokens(1, tokenRange(0, 100)), 0);
    engine.submit(askTokens(2, tokenRange(0, 100)), 0);
    expect(cachedOf(drain(engine), 2)).toBe(96);
  });

  it('makes the first token come earlier', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(askTokens(1, tokenRange(0, 300)), 0);
    engine.submit(askTokens(2, tokenRange(0, 300)), 10);
    const firsts = drain(engine).filter((event) => event.kind === 'token');
    expect(firsts.map(({ at }) => Number((at % 10).toFixed(3)))).toEqual([0.055, 0.015]);
  });

  it('holds nothing for requests without hashes or when switched off', () => {
    const engine = createBatchingEngine({ ...small, enablePrefixCaching: false }, MAX_MODEL_LEN, 1);
    engine.submit(askTokens(1, tokenRange(0, 64)), 0);
    engine.submit(askTokens(2, tokenRange(0, 64)), 10);
    expect(cachedOf(drain(engine), 2)).toBe(0);
    expect(engine.statistics.prefixCacheQueries).toBe(0);
  });

  it('counts a preempted request’s prompt once, though it finds its own blocks again', () => {
    const engine = createBatchingEngine({ ...small, numBlocks: 32 }, MAX_MODEL_LEN, 1);
    for (let id = 1; id <= 3; id++)
      engine.submit(askTokens(id, tokenRange(id * 1000, 100), tokenRange(id * 5000, 120)), 0);
    const events = drain(engine);
    expect(engine.statistics.preemptions).toBeGreaterThan(0);
    const admissions = events.filter((event) => event.kind === 'scheduled' && event.cachedTokens > 0);
    expect(admissions.length).toBeGreaterThan(0);
    expect(engine.statistics).toMatchObject({ prefixCacheQueries: 300, prefixCacheHits: 0, cachedPromptTokens: 0 });
  });

  it('is forgotten on request when nothing runs, and not before', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(askTokens(1, tokenRange(0, 64), tokenRange(500, 100)), 0);
    engine.step(0.2);
    expect(engine.resetPrefixCache(0.2, false)).toBe(false);
    drain(engine);
    expect(engine.resetPrefixCache(5, false)).toBe(true);
    engine.submit(askTokens(2, tokenRange(0, 64)), 10);
    expect(cachedOf(drain(engine), 2)).toBe(0);
  });

  it('is forgotten at once when running requests may be preempted, which then start anew', () => {
    const engine = createBatchingEngine(small, MAX_MODEL_LEN, 1);
    engine.submit(askTokens(1, tokenRange(0, 64), tokenRange(500, 100)), 0);
    engine.step(0.2);
    expect(engine.resetPrefixCache(0.2, true)).toBe(true);
    expect(engine.load()).toMatchObject({ running: 0, waiting: 1, kvUsage: 0 });
    const events = drain(engine);
    expect(events[0]).toMatchObject({ kind: 'preempted', id: 1 });
    expect(tokensOf(events, 1).at(-1)).toBe(100);
  });

  it('changes when tokens come, never which, and leaves no block held', () => {
    fc.assert(
      fc.property(sharingRequests, fc.integer({ min: 32, max: 80 }), fc.nat(), (plan, numBlocks, seed) => {
        const engine = createBatchingEngine({ ...small, numBlocks }, MAX_MODEL_LEN, seed);
        const events = play(engine, plan, () => expect(engine.load().kvUsage).toBeLessThanOrEqual(1));
        for (const { request } of plan) {
          expect(tokensOf(events, request.id)).toEqual(tokenRange(1, request.outputTokens));
          expect(cachedOf(events, request.id)).toBeLessThan(request.promptTokens);
        }
        expect(engine.load()).toEqual({ frontEnd: 0, waiting: 0, running: 0, kvUsage: 0 });
        expect(engine.resetPrefixCache(1e9, false)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('computes each prompt token that was not found exactly once where nothing is preempted', () => {
    fc.assert(
      fc.property(sharingRequests, (plan) => {
        const engine = createBatchingEngine({ ...small, numBlocks: 10_000 }, MAX_MODEL_LEN, 1);
        const events = play(engine, plan);
        const { statistics } = engine;
        const outputs = plan.reduce((sum, { request }) => sum + request.outputTokens, 0);
        const prompts = plan.reduce((sum, { request }) => sum + request.promptTokens, 0);
        const cached = plan.reduce((sum, { request }) => sum + cachedOf(events, request.id), 0);
        expect(statistics).toMatchObject({ promptTokens: prompts, cachedPromptTokens: cached });
        // a request's first output comes with its prompt, its last one is never computed
        expect(statistics.work.computedTokens).toBe(prompts - cached + outputs - plan.length);
        expect(statistics.requestComputedPromptTokens.sum).toBe(prompts - cached);
      }),
      { numRuns: 100 },
    );
  });

  it('lets aborted requests hold nothing', () => {
    fc.assert(
      fc.property(sharingRequests, fc.double({ min: 0, max: 1, noNaN: true }), (plan, when) => {
        const engine = createBatchingEngine({ ...small, numBlocks: 64 }, MAX_MODEL_LEN, 1);
        for (const { at, request } of plan) {
          engine.step(at);
          engine.submit(request, at);
        }
        engine.step(0.25 + when);
        for (const { request } of plan) engine.abort(request.id, 0.25 + when);
        expect(engine.load()).toEqual({ frontEnd: 0, waiting: 0, running: 0, kvUsage: 0 });
        engine.submit(ask(999, 300, 2), 2);
        expect(tokensOf(drain(engine), 999)).toEqual([1, 2]);
      }),
      { numRuns: 60 },
    );
  });
});
