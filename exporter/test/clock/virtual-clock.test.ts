import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../src/clock/clock.js';
import { VirtualClock } from '../../src/clock/virtual-clock.js';

describe('the virtual clock', () => {
  it('fires timers in the order of their times, and equal times in the order of their making', async () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    clock.timer(2, () => fired.push('b'));
    clock.timer(1, () => fired.push('a'));
    clock.timer(2, () => fired.push('c'));
    await clock.advance(3);
    expect(fired).toEqual(['a', 'b', 'c']);
    expect(clock.now()).toBe(3);
  });

  it('does not fire a cancelled timer', async () => {
    const clock = new VirtualClock(0);
    let fired = false;
    clock.timer(1, () => (fired = true)).cancel();
    await clock.advance(2);
    expect(fired).toBe(false);
  });

  it('lets a loop that sleeps see each of its wake-ups', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for (let k = 0; k < 3; k++) {
        await sleep(clock, 0.5);
        seen.push(clock.now());
      }
    };
    void loop();
    await clock.advance(2);
    expect(seen).toEqual([0.5, 1, 1.5]);
  });
});

describe('sleeping', () => {
  it('ends at once when the signal aborts', async () => {
    const clock = new VirtualClock(0);
    const stop = new AbortController();
    let woke = NaN;
    void sleep(clock, 100, stop.signal).then(() => (woke = clock.now()));
    clock.timer(3, () => stop.abort());
    await clock.advance(5);
    expect(woke).toBe(3);
  });
});
