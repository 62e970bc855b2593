/** A pending timer; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time below `cli/` and `server/`. The real one reads the machine's monotonic clock, which all
 * threads and processes of one machine share; the virtual one is moved by its owner.
 */
export interface Clock {
  /** Monotonic seconds since an arbitrary origin. Never steps, never goes back. */
  now(): number;
  /** Seconds since the Unix epoch, for stamping only; may step. */
  epoch(): number;
  /** Calls back once, not before `delaySeconds` have passed. Negative delays count as 0. */
  timer(delaySeconds: number, callback: () => void): Timer;
  /** Calls back after all events that are readable now have been seen (real time: `setImmediate`). */
  defer(callback: () => void): void;
}

/** Resolves after `seconds`, or at once when the signal aborts (never rejects). */
export function sleep(clock: Clock, seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.timer(seconds, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** Calls back every `seconds` until cancelled, without drifting; calls that were missed are not made up for. */
export function every(clock: Clock, seconds: number, callback: () => void): Timer {
  let next = clock.now() + seconds;
  let timer: Timer;
  const arm = (): void => {
    timer = clock.timer(next - clock.now(), () => {
      next = Math.max(next + seconds, clock.now());
      arm();
      callback();
    });
  };
  arm();
  return { cancel: () => timer.cancel() };
}
