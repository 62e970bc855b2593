import { describe, expect, it } from '@jest/globals';
import { RealClock } from '../../src/clock/real-clock.js';

/** Seconds by which the clock is ahead of CLOCK_MONOTONIC; the smallest of some tries, each of which may be interrupted. */
function ahead(clock: RealClock): number {
  const tries = Array.from({ length: 20 }, () => {
    const before = clock.now();
    const monotonic = Number(process.hrtime.bigint()) / 1e9;
    return (before + clock.now()) / 2 - monotonic;
  });
  return tries.reduce((best, value) => (Math.abs(value) < Math.abs(best) ? value : best));
}

describe('RealClock', () => {
  it('is on the axis of CLOCK_MONOTONIC to 0.1 ms, whenever it was made', () => {
    for (let n = 0; n < 20; n++) expect(Math.abs(ahead(new RealClock()))).toBeLessThan(1e-4);
  });

  it('goes on with the time of day', () => {
    expect(Math.abs(new RealClock().epoch() - Date.now() / 1000)).toBeLessThan(1);
  });
});
