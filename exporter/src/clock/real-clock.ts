import type { Clock, Timer } from './clock.js';

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The machine's clock. `now()` is CLOCK_MONOTONIC in seconds, the same axis in every thread and process of the machine
 * (`performance.now()` alone starts at 0 in each thread), so that stamps of workers and of a server beside us compare.
 */
export class RealClock implements Clock {
  private readonly originSeconds = monotonicOrigin();

  now(): number {
    return this.originSeconds + performance.now() / 1000;
  }

  epoch(): number {
    return Date.now() / 1000;
  }

  timer(delaySeconds: number, callback: () => void): Timer {
    const delayMs = Math.min(Math.max(0, delaySeconds * 1000), MAX_TIMEOUT_MS);
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  }

  defer(callback: () => void): void {
    setImmediate(callback);
  }
}

const CALIBRATIONS = 5;

/**
 * What to add to `performance.now()` to get CLOCK_MONOTONIC, seconds: from the quickest of a few readings of one between
 * two of the other. A single reading can be a millisecond off, since the first use of either has to load it.
 */
function monotonicOrigin(): number {
  let origin = NaN;
  let quickest = Infinity;
  for (let reading = 0; reading < CALIBRATIONS; reading++) {
    const before = performance.now();
    const [seconds, nanos] = process.hrtime();
    const after = performance.now();
    if (after - before >= quickest) continue;
    quickest = after - before;
    origin = seconds + nanos / 1e9 - (before + after) / 2000;
  }
  return origin;
}
