import { describe, expect, it } from '@jest/globals';
import { FAST, PlainWorkload, rig } from '../support/scripted-load.js';

const level = (
  load: number,
  rampSeconds = 0,
  index = 0,
): { level: number; repetition: number; load: number; rampSeconds: number } => ({
  level: index,
  repetition: 1,
  load,
  rampSeconds,
});

describe('closed loop', () => {
  it('keeps exactly N requests under way', async () => {
    const { load, clock, target } = rig({});
    load.setLevel(level(5));
    await clock.advance(3.1);
    expect(target.inFlight).toBe(5);
    await clock.advance(0.35);
    expect(target.inFlight).toBe(5);
  });

  it('starts its users evenly over the ramp', async () => {
    const { load, clock, target } = rig({});
    const began = clock.now();
    load.setLevel(level(4, 2));
    await clock.advance(1.9);
    const firstOfUser = [0, 1, 2, 3].map(
      (slot) => target.sent.find((sent) => contentOf(sent).startsWith(`1/0/${slot}/`))!.at - began,
    );
    expect(firstOfUser).toEqual([0, 0.5, 1, 1.5]);
  });

  it('adds users at a level change without touching the others', async () => {
    const { load, clock, target } = rig({});
    load.setLevel(level(2));
    await clock.advance(1.05);
    const before = target.sent.length;
    load.setLevel(level(4, 0, 1));
    await clock.advance(0.001);
    expect(target.sent.length).toBe(before + 2);
    expect(target.inFlight).toBe(4);
  });

  it('lets retired users finish their turn, and starts nothing more for them', async () => {
    const { load, clock, target, batches } = rig({});
    load.setLevel(level(4));
    await clock.advance(0.1);
    load.setLevel(level(1, 0, 1));
    expect(target.inFlight).toBe(4);
    await clock.advance(0.5);
    expect(target.inFlight).toBe(1);
    const outcomes = batches.flatMap((batch) => [...batch.tables.ends.columns.outcome]);
    expect(outcomes.every((outcome) => outcome === 0)).toBe(true);
  });

  it('takes a retiring user back when the level rises before its turn is over', async () => {
    const { load, clock, target } = rig({ workload: new PlainWorkload(3) });
    load.setLevel(level(2));
    await clock.advance(0.1);
    load.setLevel(level(1, 0, 1));
    load.setLevel(level(2, 0, 2));
    await clock.advance(5);
    expect(target.inFlight).toBe(2);
    expect(target.openChannels).toBe(2);
  });

  it('asks every question of the plan once: each user counts its conversations per level', async () => {
    const { load, clock, workload } = rig({});
    load.setLevel(level(3));
    await clock.advance(2);
    load.setLevel(level(3, 0, 1));
    await clock.advance(2);
    const names = workload.keys.map((key) => JSON.stringify(key));
    expect(new Set(names).size).toBe(names.length);
    expect(workload.keys.some((key) => key.level === 1)).toBe(true);
  });

  it('never starts conversations faster than the target rate', async () => {
    const { load, clock, target } = rig({ plan: { targetRate: 5 } });
    load.setLevel(level(20));
    await clock.advance(10);
    expect(target.sent.length).toBeGreaterThanOrEqual(49);
    expect(target.sent.length).toBeLessThanOrEqual(51);
  });

  it('ends the conversation at a failed turn and backs off, twice as long each time', async () => {
    const { load, clock, target } = rig({
      workload: new PlainWorkload(3),
      script: () => ({ ...FAST, fail: { after: 0.01, outcome: 'http_5xx' } }),
    });
    load.setLevel(level(1));
    await clock.advance(60);
    const gaps = target.sent.slice(1).map((sent, index) => sent.at - target.sent[index]!.at - 0.01);
    expect(gaps[0]).toBeGreaterThanOrEqual(0.05 - 1e-9);
    expect(gaps[0]).toBeLessThanOrEqual(0.15);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5 + 1e-9);
    expect(gaps.at(-1)).toBeGreaterThan(2);
    expect(target.sent.every((sent) => contentOf(sent).endsWith('turn 1'))).toBe(true);
  });

  it('stays away as long as Retry-After asks', async () => {
    const { load, clock, target } = rig({
      script: (n) => (n === 0 ? { ...FAST, fail: { after: 0.1, outcome: 'http_429', retryAfter: 7 } } : FAST),
    });
    load.setLevel(level(1));
    await clock.advance(20);
    expect(target.sent[1]!.at - target.sent[0]!.at).toBeCloseTo(7.1, 6);
  });

  it('resends nothing: no turn is retried', async () => {
    const { load, clock, target } = rig({
      script: (n) => (n % 3 === 0 ? { ...FAST, fail: { after: 0.1, outcome: 'truncated' } } : FAST),
    });
    load.setLevel(level(2));
    await clock.advance(10);
    const contents = target.sent.map(contentOf);
    expect(new Set(contents).size).toBe(contents.length);
  });

  it('cuts requests under way as aborted', async () => {
    const { load, clock, target, batches } = rig({});
    load.setLevel(level(3));
    await clock.advance(0.1);
    load.cut();
    await load.barrier();
    expect(target.inFlight).toBe(0);
    const ends = batches.flatMap((batch) => [...batch.tables.ends.columns.outcome]);
    expect(ends).toHaveLength(3);
    expect(new Set(ends).size).toBe(1);
    expect(target.openChannels).toBe(0);
  });
});

describe('think time', () => {
  it('lies between the turns of a conversation and is not part of any request', async () => {
    const { load, clock, target } = rig({ workload: new PlainWorkload(2, 1.5) });
    load.setLevel(level(1));
    await clock.advance(3);
    expect(target.sent[1]!.at - target.sent[0]!.at).toBeCloseTo(0.4 + 1.5, 6);
  });
});

function contentOf(sent: { request: { messages: readonly { content: string }[] } }): string {
  return sent.request.messages[0]!.content;
}
