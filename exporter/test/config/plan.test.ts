import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planText } from '../../src/config/plan-text.js';
import { describePlan, levelOrder } from '../../src/config/plan.js';
import { specOf, yaml } from './example-spec.js';

const timing = 'prime: 3s, warmup: 4s, measure: {duration: 15s, maxDuration: 20s}, cooldown: 2s';

describe('the order of levels', () => {
  const orderOf = (order: string, repetition: number, levels = '[4, 1, 2]', seed = 1): number[] =>
    levelOrder(
      specOf(yaml({ load: `levels: ${levels}, order: ${order}`, workload: `kind: prompt, prompt: a, seed: ${seed}` })),
      repetition,
    );

  it('ascending goes by load, however the levels were written', () => {
    expect(orderOf('ascending', 1)).toEqual([1, 2, 0]);
  });

  it('mirrored goes down in even repetitions', () => {
    expect([1, 2, 3].map((repetition) => orderOf('mirrored', repetition))).toEqual([
      [1, 2, 0],
      [0, 2, 1],
      [1, 2, 0],
    ]);
  });

  it('shuffled differs between repetitions and seeds, and is the same each time', () => {
    const levels = '"1..12"';
    expect(orderOf('shuffled', 1, levels)).toEqual(orderOf('shuffled', 1, levels));
    expect(orderOf('shuffled', 1, levels)).not.toEqual(orderOf('shuffled', 2, levels));
    expect(orderOf('shuffled', 1, levels)).not.toEqual(orderOf('shuffled', 1, levels, 2));
  });

  it('has every level once', () => {
    const orders = fc.constantFrom('ascending', 'mirrored', 'shuffled');
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 50 }), fc.nat(), (order, repetition, seed) => {
        const indices = orderOf(order, repetition, '"1..9"', seed).toSorted((a, b) => a - b);
        expect(indices).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      }),
    );
  });

  it('shuffled puts each level first about equally often', () => {
    const spec = specOf(yaml({ load: 'levels: [1, 2, 3], order: shuffled' }));
    const first = Array.from(
      { length: 3000 },
      (_, seed) => levelOrder({ ...spec, workload: { ...spec.workload, seed } }, 1)[0]!,
    );
    for (const level of [0, 1, 2]) {
      const times = first.filter((index) => index === level).length;
      expect(times).toBeGreaterThan(900);
      expect(times).toBeLessThan(1100);
    }
  });
});

describe('the plan', () => {
  it('primes, runs the levels and cools down in each repetition', () => {
    const { steps } = describePlan(specOf(yaml({ load: `levels: [1, 2], repetitions: 2, ${timing}` })));
    expect(steps.map((step) => `${step.kind} r${step.repetition} ${step.load}`)).toEqual([
      'prime r1 1',
      'level r1 1',
      'level r1 2',
      'cooldown r1 2',
      'prime r2 1',
      'level r2 1',
      'level r2 2',
      'cooldown r2 2',
    ]);
  });

  it('adds up the shortest and the longest course', () => {
    const { seconds } = describePlan(specOf(yaml({ load: `levels: [1, 2], ${timing}` })));
    expect(seconds).toEqual({ least: 3 + 2 * (4 + 15) + 2, most: 30 + 2 * (20 + 20) + 2 });
  });

  it('never measures longer than its duration when no samples are asked for', () => {
    const load = 'levels: [1], prime: 0, warmup: 0, measure: {duration: 15s, minSamples: 0}';
    expect(describePlan(specOf(yaml({ load }))).seconds).toEqual({ least: 15, most: 15 });
  });

  it('knows the requests where they are asked for by number, but then no end', () => {
    const plan = describePlan(specOf(yaml({ load: 'levels: [1, 2], repetitions: 3, measure: {requests: 50}' })));
    expect([plan.requests, plan.seconds.most]).toEqual([300, Infinity]);
  });

  it('estimates the requests of an open loop by its rate', () => {
    const load = 'levels: [2, 5], arrival: constant, measure: {duration: 10s}';
    expect(describePlan(specOf(yaml({ load }))).requests).toBe(70);
  });

  it('makes no estimate where the speed of the server decides', () => {
    expect(describePlan(specOf(yaml())).requests).toBeNull();
  });

  it('reads well', () => {
    expect(planText(specOf(yaml({ load: `levels: [1, 16], ${timing}` })))).toEqual([
      'sweep: prompt workload against http://127.0.0.1:8000, 2 levels × 1 repetition',
      'prime     r1       1 users  3 s to 30 s',
      'level     r1       1 users  warm-up 4 s to 20 s, measure 15 s to 20 s',
      'level     r1      16 users  warm-up 4 s to 20 s, measure 15 s to 20 s',
      'cooldown  r1      16 users  2 s',
      'total     43 s to 1 min 52 s; measured requests: as many as the server answers',
    ]);
  });

  it('says so when it has no end', () => {
    const text = planText(specOf(yaml({ load: 'levels: [1], prime: 0, warmup: 90m, measure: {requests: 50}' })));
    expect(text.slice(1)).toEqual([
      'level     r1       1 users  warm-up 1 h 30 min to 7 h 30 min, measure 50 requests',
      'total     at least 1 h 30 min; measured requests: about 50',
    ]);
  });
});
