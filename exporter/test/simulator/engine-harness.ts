import fc from 'fast-check';
import { hashBlocks } from '../../src/simulator/engine/block-hash.js';
import type { Engine, EngineConfig, EngineEvent, EngineRequest } from '../../src/simulator/engine/types.js';

export const MAX_MODEL_LEN = 512;

/** Steps of exactly 10 ms after a front end of 5 ms; 4 slots, 64 tokens a step. */
export const small: EngineConfig = {
  maxNumSeqs: 4,
  maxNumBatchedTokens: 64,
  blockSize: 16,
  numBlocks: 1000,
  enablePrefixCaching: true,
  speculation: null,
  stepCost: {
    baseSeconds: 0.01,
    perSequenceSeconds: 0,
    perPrefillTokenSeconds: 0,
    perKvTokenSeconds: 0,
    noiseRatio: 0,
  },
  frontEnd: { baseSeconds: 0.005, contentionSeconds: 0, contentionExponent: 1, noiseRatio: 0 },
};

export function ask(id: number, promptTokens: number, outputTokens: number): EngineRequest {
  return { id, promptTokens, outputTokens, maxTokens: outputTokens, finish: 'length' };
}

/** A request whose prompt is the tokens given; the answer's tokens are `answer`, by default numbers of its own. */
export function askTokens(id: number, prompt: readonly number[], answer?: readonly number[]): EngineRequest {
  const output = answer ?? [1_000_000 + id];
  return {
    ...ask(id, prompt.length, output.length),
    blockHashes: hashBlocks([...prompt, ...output], small.blockSize),
  };
}

export function tokenRange(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

/** Moves an engine from event to event until it is idle; `watch` looks at it after each. */
export function drain(engine: Engine, watch: (engine: Engine) => void = () => undefined): EngineEvent[] {
  const events: EngineEvent[] = [];
  for (let at = engine.nextEventAt(); at < Infinity; at = engine.nextEventAt()) {
    events.push(...engine.step(at));
    watch(engine);
  }
  return events;
}

export function tokensOf(events: readonly EngineEvent[], id: number): number[] {
  return events.flatMap((event) => (event.kind === 'token' && event.id === id ? [event.produced] : []));
}

/** Prompt tokens found in the cache at a request's first admission. */
export function cachedOf(events: readonly EngineEvent[], id: number): number {
  const admission = events.find((event) => event.kind === 'scheduled' && event.id === id);
  return admission?.kind === 'scheduled' ? admission.cachedTokens : NaN;
}

/** Requests over a few common beginnings, so that they share blocks; arriving within a quarter of a second. */
export const sharingRequests = fc
  .array(
    fc.record({
      family: fc.integer({ min: 0, max: 3 }),
      shared: fc.integer({ min: 0, max: 200 }),
      own: fc.integer({ min: 1, max: 80 }),
      outputTokens: fc.integer({ min: 1, max: 60 }),
      at: fc.double({ min: 0, max: 0.25, noNaN: true }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((drafts) =>
    [...drafts]
      .sort((first, second) => first.at - second.at)
      .map(({ family, shared, own, outputTokens, at }, id) => {
        const prompt = [...tokenRange(family * 10_000, shared), ...tokenRange((id + 1) * 100_000, own)];
        return { at, request: askTokens(id, prompt, tokenRange(id * 100_000 + 50_000, outputTokens)) };
      }),
  );

/** Submits each at its time, stepping in between, then drains. */
export function play(
  engine: Engine,
  plan: readonly { at: number; request: EngineRequest }[],
  watch: (engine: Engine) => void = () => undefined,
): EngineEvent[] {
  const events: EngineEvent[] = [];
  for (const { at, request } of plan) {
    events.push(...engine.step(at));
    engine.submit(request, at);
    watch(engine);
  }
  events.push(...drain(engine, watch));
  return events;
}
