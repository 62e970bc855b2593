import { describe, expect, it } from '@jest/globals';
import { FAST, PlainWorkload, rig } from '../support/scripted-load.js';

const level = (load: number, index = 0): { level: number; repetition: number; load: number; rampSeconds: number } => ({
  level: index,
  repetition: 1,
  load,
  rampSeconds: 0,
});

describe('open loop', () => {
  it('starts requests at a constant rate whatever the server does', async () => {
    const { load, clock, target } = rig({ plan: { arrival: 'constant' }, script: () => ({ ...FAST, ttft: 30 }) });
    load.setLevel(level(10));
    await clock.advance(5.05);
    expect(target.sent).toHaveLength(51);
    expect(target.sent[1]!.at - target.sent[0]!.at).toBeCloseTo(0.1, 9);
  });

  it('counts a level in requests, so conversations of four turns begin at a quarter of the rate', async () => {
    const { load, clock, workload, target } = rig({ plan: { arrival: 'constant' }, workload: new PlainWorkload(4) });
    load.setLevel(level(8));
    await clock.advance(100);
    expect(workload.keys.length).toBeGreaterThanOrEqual(200);
    expect(workload.keys.length).toBeLessThanOrEqual(201);
    expect(target.sent.length / 100).toBeCloseTo(8, 0);
  });

  it('draws Poisson arrivals with the right mean and spread', async () => {
    const { load, clock, target } = rig({ plan: { arrival: 'poisson' } });
    load.setLevel(level(50));
    await clock.advance(100);
    expect(target.sent.length).toBeGreaterThan(4700);
    expect(target.sent.length).toBeLessThan(5300);
  });

  it('drops and counts arrivals beyond the most requests under way', async () => {
    const { load, clock, target, batches } = rig({
      plan: { arrival: 'constant', maxInFlight: 5 },
      script: () => ({ ...FAST, ttft: 100 }),
    });
    load.setLevel(level(10));
    await clock.advance(2);
    await load.barrier();
    expect(target.inFlight).toBe(5);
    const dropped = batches.flatMap((batch) => [...batch.tables.arrivals.columns.dropped]);
    expect(dropped.filter((flag) => flag === 1).length).toBe(dropped.length - 5);
    expect(dropped.length).toBeGreaterThan(15);
  });

  it('keeps the intended start beside the real one', async () => {
    const { load, clock, batches } = rig({ plan: { arrival: 'constant' } });
    load.setLevel(level(4));
    await clock.advance(2);
    await load.barrier();
    const intended = batches.flatMap((batch) => [...batch.tables.starts.columns.intended]);
    expect(intended.slice(0, 4)).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('begins nothing more after the load is taken away, and finishes what is under way', async () => {
    const { load, clock, target } = rig({ plan: { arrival: 'constant' } });
    load.setLevel(level(10));
    await clock.advance(1);
    const sent = target.sent.length;
    load.setLevel(level(0));
    await clock.advance(3);
    expect(target.sent.length).toBe(sent);
    expect(target.inFlight).toBe(0);
  });
});
