import { describe, expect, it } from '@jest/globals';
import type { WindowRecord } from '../../src/measure/records.js';
import { ManualDriver } from '../../src/sweep/manual-driver.js';
import type { Script } from '../support/scripted-target.js';
import { specOf, virtualSweep, type VirtualSweep } from '../support/virtual-sweep.js';

const STEADY: Script = { ttft: 0.1, gap: 0.02, tokens: 11 };

/** Load by hand, taken through `changes` (seconds to hold, then users); 0 users end it. */
async function byHand(
  users: number,
  changes: readonly (readonly [seconds: number, users: number])[],
  ramp = '0s',
): Promise<{ sweep: VirtualSweep; driver: ManualDriver; windows: WindowRecord[] }> {
  const spec = specOf(`
target: { url: 'http://127.0.0.1:1', model: m }
workload: { kind: prompt, prompt: hello }
load: { levels: [${users}], ramp: ${ramp} }
`);
  const sweep = virtualSweep(spec, () => STEADY);
  const driver = new ManualDriver(sweep.parts, users);
  let windows: WindowRecord[] | null = null;
  const running = driver.run().then((result) => (windows = result));
  for (const [seconds, next] of changes) {
    await sweep.clock.advance(seconds);
    driver.setUsers(next);
  }
  await sweep.clock.runUntil(() => windows !== null, sweep.clock.now() + 100);
  return { sweep, driver, windows: await running };
}

describe('load by hand', () => {
  it('keeps each stretch of constant load as a window of a level of its own', async () => {
    const { driver, windows } = await byHand(2, [
      [10, 5],
      [20, 3],
      [5, 0],
    ]);
    expect(driver.levels).toEqual([2, 5, 3]);
    expect(windows.map(({ id, load }) => [id, load])).toEqual([
      ['r1-l1', 2],
      ['r1-l2', 5],
      ['r1-l3', 3],
    ]);
    const lengths = windows.map((window) => Math.round(window.measureEndedAt - window.measureStartedAt));
    expect(lengths).toEqual([10, 20, 5]);
  });

  it('brings new users in over the ramp', async () => {
    const { sweep } = await byHand(10, [[30, 0]], '10s');
    const begins = new Map<number, number>();
    for (const { slot, startedAt } of sweep.parts.recorder.records) {
      if (!begins.has(slot)) begins.set(slot, startedAt);
    }
    const firsts = [...begins.values()].toSorted((a, b) => a - b);
    expect(firsts).toHaveLength(10);
    for (const [index, at] of firsts.entries()) expect(at - firsts[0]!).toBeCloseTo(index, 1);
  });

  it('lets the answers under way end when it is over', async () => {
    const { sweep } = await byHand(4, [[5, 0]]);
    expect(sweep.parts.recorder.inFlight).toBe(0);
    expect(sweep.parts.recorder.records.every(({ outcome }) => outcome === 'ok')).toBe(true);
  });
});
