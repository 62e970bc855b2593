import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createIndependentEngine } from '../../src/simulator/engine/independent.js';

const timing = { ttftSeconds: 0.2, itlSeconds: 0.02 };

describe('independent streams', () => {
  it('tick at their own phase with constant times, however many there are', () => {
    const arrivals = fc.array(
      fc.record({ gap: fc.double({ min: 0, max: 0.1, noNaN: true }), tokens: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(arrivals, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (requests, pause) => {
        const engine = createIndependentEngine(timing, 1000);
        const arrivedAt: number[] = [];
        let now = 0;
        const seen: number[][] = requests.map(() => []);
        const take = (): void => {
          for (const event of engine.step(now)) if (event.kind === 'token') seen[event.id]!.push(event.at);
        };
        requests.forEach(({ gap, tokens }, id) => {
          now += gap;
          take();
          arrivedAt.push(now);
          engine.submit({ id, promptTokens: 1, outputTokens: tokens, maxTokens: tokens, finish: 'length' }, now);
        });
        for (; engine.nextEventAt() < Infinity; now += pause) take();
        requests.forEach(({ tokens }, id) => {
          expect(seen[id]).toHaveLength(tokens);
          seen[id]!.forEach((at, token) => expect(at).toBeCloseTo(arrivedAt[id]! + 0.2 + token * 0.02, 9));
        });
      }),
    );
  });

  it('end when aborted', () => {
    const engine = createIndependentEngine(timing, 1000);
    engine.submit({ id: 1, promptTokens: 1, outputTokens: 100, maxTokens: 100, finish: 'length' }, 0);
    expect(engine.step(0.29)).toHaveLength(5);
    expect(engine.load().running).toBe(1);
    expect(engine.abort(1, 0.29)).toBe(true);
    expect(engine.load().running).toBe(0);
    expect(engine.nextEventAt()).toBe(Infinity);
    expect(engine.statistics.finished.abort).toBe(1);
  });
});
