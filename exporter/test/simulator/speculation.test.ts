import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBatchingEngine } from '../../src/simulator/engine/batching.js';
import { acceptanceLength } from '../../src/simulator/engine/speculation.js';
import type { EngineConfig, Speculation } from '../../src/simulator/engine/types.js';
import { ask, drain, MAX_MODEL_LEN, play, sharingRequests, small, tokenRange, tokensOf } from './engine-harness.js';

function speculating(part: Partial<Speculation>, config: Partial<EngineConfig> = {}): EngineConfig {
  const speculation = { draftTokens: 3, acceptance: [0.5], perDraftSeconds: 0, perSequenceSeconds: 0, ...part };
  return { ...small, ...config, speculation };
}

describe('speculative decoding', () => {
  it('gives all drafts and one token more at once when every draft is accepted', () => {
    const engine = createBatchingEngine(speculating({ acceptance: [1] }), MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 16, 10), 0);
    const events = drain(engine).filter((event) => event.kind === 'token');
    expect(events.map(({ tokens, produced }) => [tokens, produced])).toEqual([
      [1, 1],
      [4, 5],
      [4, 9],
      [1, 10],
    ]);
    expect(engine.statistics.speculation).toEqual({
      drafts: 2,
      draftTokens: 6,
      acceptedTokens: 6,
      acceptedPerPosition: [2, 2, 2],
    });
    expect(engine.statistics.interTokenLatency.count).toBe(3);
  });

  it('gives one token a step when every draft is refused, and costs what drafting costs', () => {
    const useless = speculating({ acceptance: [0], perDraftSeconds: 0.001, perSequenceSeconds: 0.0005 });
    const engine = createBatchingEngine(useless, MAX_MODEL_LEN, 1);
    engine.submit(ask(1, 16, 20), 0);
    const events = drain(engine).filter((event) => event.kind === 'token');
    expect(events.map(({ tokens }) => tokens)).toEqual(tokenRange(1, 20).map(() => 1));
    expect(events[3]!.at - events[2]!.at).toBeCloseTo(0.01 + 3 * 0.001 + 0.0005, 9);
    expect(engine.statistics.speculation.acceptedTokens).toBe(0);
  });

  it('accepts as often as the profile says, position by position', () => {
    const speculation = { acceptance: [0.8, 0.5, 0.25], draftTokens: 3 };
    const engine = createBatchingEngine(speculating(speculation, { numBlocks: 10_000 }), 100_000, 7);
    engine.submit(ask(1, 16, 60_000), 0);
    drain(engine);
    const { drafts, draftTokens, acceptedTokens, acceptedPerPosition } = engine.statistics.speculation;
    const shares = acceptedPerPosition.map((count) => count / drafts);
    [0.8, 0.4, 0.1].forEach((share, position) => expect(Math.abs(shares[position]! - share)).toBeLessThan(0.01));
    expect(acceptedTokens).toBe(acceptedPerPosition.reduce((sum, count) => sum + count, 0));
    expect(draftTokens).toBe(3 * drafts);
    expect(60_000 / drafts).toBeCloseTo(
      acceptanceLength({ ...speculation, perDraftSeconds: 0, perSequenceSeconds: 0 }),
      1,
    );
  });

  it('drafts no more than the batch has room for', () => {
    const engine = createBatchingEngine(speculating({ draftTokens: 8 }, { maxNumBatchedTokens: 6 }), MAX_MODEL_LEN, 3);
    for (let id = 0; id < 4; id++) engine.submit(ask(id, 5, 40), 0);
    let [steps, tokens] = [0, 0];
    const events = drain(engine, () => {
      const { count, sum } = engine.statistics.iterationTokens;
      expect(sum - tokens).toBeLessThanOrEqual(6 * (count - steps));
      [steps, tokens] = [count, sum];
    });
    for (let id = 0; id < 4; id++) expect(tokensOf(events, id).at(-1)).toBe(40);
  });

  it('conserves tokens and blocks with prefix cache, preemptions and any acceptance', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
    const setting = fc.record({ acceptance: chances, draftTokens: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(
        sharingRequests,
        setting,
        fc.integer({ min: 32, max: 60 }),
        fc.nat(),
        (plan, part, numBlocks, seed) => {
          const engine = createBatchingEngine(speculating(part, { numBlocks }), MAX_MODEL_LEN, seed);
          const events = play(engine, plan, () => expect(engine.load().kvUsage).toBeLessThanOrEqual(1));
          for (const { request } of plan) {
            let produced = 0;
            for (const event of events) {
              if (event.kind !== 'token' || event.id !== request.id) continue;
              produced += event.tokens;
              expect(event.produced).toBe(produced);
            }
            expect(produced).toBe(request.outputTokens);
          }
          const { statistics } = engine;
          const tokenEvents = events.filter(({ kind }) => kind === 'token').length;
          expect(statistics.generationTokens).toBe(tokenEvents + statistics.speculation.acceptedTokens);
          expect(statistics.speculation.acceptedTokens).toBeLessThanOrEqual(statistics.speculation.draftTokens);
          expect(engine.load()).toEqual({ frontEnd: 0, waiting: 0, running: 0, kvUsage: 0 });
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    [{ draftTokens: 0 }, /draftTokens must be a whole number of at least 1, got 0/],
    [{ acceptance: [] }, /acceptance must be chances/],
    [{ acceptance: [1.2] }, /acceptance must be chances from 0 to 1, got \[1.2\]/],
  ])('refuses %j', (part, message) => {
    expect(() => createBatchingEngine(speculating(part), MAX_MODEL_LEN, 1)).toThrow(message);
  });
});
