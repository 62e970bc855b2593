import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EdgeGate } from '../../src/measure/edge-gate.js';
import { BatchWriter, splitBatch, type ObservationBatch } from '../../src/measure/observations.js';
import { SlotClock } from '../../src/measure/slot-clock.js';

function batchAt(times: readonly number[]): ObservationBatch {
  const writer = new BatchWriter(0);
  for (const at of times) {
    const row = writer.tables.tokenChunks.next();
    writer.tables.tokenChunks.columns.at[row] = at;
    writer.tables.tokenChunks.columns.tokens[row] = 1;
  }
  return writer.take();
}
const times = (batch: ObservationBatch): number[] => [...batch.tables.tokenChunks.columns.at];

describe('splitting a batch at an edge', () => {
  it('keeps every event once, on its side, in its order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 10, noNaN: true })),
        fc.float({ min: 0, max: 10, noNaN: true }),
        (all, edge) => {
          const [before, after] = splitBatch(batchAt(all), edge);
          expect(times(before)).toEqual(all.filter((at) => at < edge));
          expect(times(after)).toEqual(all.filter((at) => at >= edge));
        },
      ),
    );
  });
});

describe('the edge gate', () => {
  it('passes what came before the edge and holds the rest until the edge is closed', () => {
    const passed: number[] = [];
    const gate = new EdgeGate((batch) => passed.push(...times(batch)));
    gate.open(5);
    gate.offer(batchAt([4, 5, 6]));
    expect(passed).toEqual([4]);
    gate.close();
    expect(passed).toEqual([4, 5, 6]);
  });

  it('refuses a second edge while one is open', () => {
    const gate = new EdgeGate(() => undefined);
    gate.open(1);
    expect(() => gate.open(2)).toThrow('open already');
  });
});

describe('the batch writer', () => {
  it('keeps rows beyond its first capacity', () => {
    const all = Array.from({ length: 1000 }, (_, k) => k);
    expect(times(batchAt(all))).toEqual(all);
  });
});

describe('the slot clock', () => {
  it('adds up the same seconds whichever worker reports first', () => {
    const changes = [
      { slot: 0, state: 2, at: 1 },
      { slot: 1, state: 2, at: 2 },
      { slot: 0, state: 5, at: 3 },
      { slot: 1, state: 0, at: 6 },
    ];
    const sums = (order: readonly number[]): unknown => {
      const clock = new SlotClock();
      for (const index of order) clock.change(changes[index]!.slot, changes[index]!.state, changes[index]!.at);
      return clock.take(10);
    };
    expect(sums([0, 2, 1, 3])).toEqual(sums([0, 1, 2, 3]));
    expect(sums([1, 3, 0, 2])).toMatchObject({ running: 6, backoff: 7, retired: 4 });
  });

  it('cuts a stretch at the edge and goes on with it after', () => {
    const clock = new SlotClock();
    clock.change(0, 2, 0);
    expect(clock.take(4).running).toBe(4);
    expect(clock.take(5).running).toBe(1);
    expect(clock.count('running')).toBe(1);
  });
});
