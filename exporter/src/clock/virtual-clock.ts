import type { Clock, Timer } from './clock.js';

interface Pending {
  at: number;
  order: number;
  callback: () => void;
  cancelled: boolean;
}

/**
 * A clock that stands still until its owner moves it: timers fire in the order of their times, then of their making.
 * `defer` counts as a timer of no delay.
 */
export class VirtualClock implements Clock {
  private time: number;
  private made = 0;
  private readonly heap: Pending[] = [];

  constructor(
    startSeconds = 1000,
    private readonly epochOffset = 1_700_000_000,
  ) {
    this.time = startSeconds;
  }

  now(): number {
    return this.time;
  }

  epoch(): number {
    return this.epochOffset + this.time;
  }

  timer(delaySeconds: number, callback: () => void): Timer {
    const pending: Pending = {
      at: this.time + Math.max(0, delaySeconds),
      order: this.made++,
      callback,
      cancelled: false,
    };
    this.push(pending);
    return {
      cancel: () => {
        pending.cancelled = true;
      },
    };
  }

  defer(callback: () => void): void {
    this.timer(0, callback);
  }

  /** Fires everything that falls due within `seconds`, letting promises settle between timers. */
  async advance(seconds: number): Promise<void> {
    await this.runUntil(() => false, this.time + seconds);
  }

  /** Goes on until `done()` holds, nothing is left to fire, or `limit` (seconds on this clock) is reached. */
  async runUntil(done: () => boolean, limit = Infinity): Promise<void> {
    await settle();
    while (!done()) {
      const next = this.heap[0];
      if (next === undefined || next.at > limit) break;
      this.pop();
      if (next.cancelled) continue;
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settle();
    }
    if (Number.isFinite(limit) && !done()) this.time = Math.max(this.time, limit);
  }

  private push(pending: Pending): void {
    const { heap } = this;
    let index = heap.push(pending) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(pending, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = pending;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Pending, b: Pending): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Lets every promise that can settle now do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
