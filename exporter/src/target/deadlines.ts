import type { Clock, Timer } from '../clock/clock.js';

/** Something that may run out of time. Its deadline may move, but never nearer to now than the shortest time-out. */
export interface Perishable {
  /** Place in the list of its `Deadlines`; theirs to write. */
  deadlineIndex: number;
  /** `Clock.now()` seconds at which it runs out of time, by what is known now. */
  deadline(): number;
  expire(now: number): void;
}

/** Scans are never closer than this. */
const MIN_SPACING_SECONDS = 0.005;
/** Rounding of sums of seconds. */
const EPSILON_SECONDS = 1e-6;

/**
 * One timer for all requests under way: it looks at them when the earliest deadline may have come, and no oftener, so
 * that a chunk costs no timer. `shortest` is the shortest of the time-outs in seconds.
 */
export class Deadlines {
  private readonly active: Perishable[] = [];
  private timer: Timer | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly shortest: number,
    /** Decodes what has arrived, before anything is called late. */
    private readonly catchUp: () => void,
  ) {}

  add(item: Perishable): void {
    item.deadlineIndex = this.active.push(item) - 1;
    this.timer ??= this.arm(this.shortest);
  }

  remove(item: Perishable): void {
    const { active } = this;
    if (active[item.deadlineIndex] !== item) return;
    const last = active.pop()!;
    if (last !== item) {
      active[item.deadlineIndex] = last;
      last.deadlineIndex = item.deadlineIndex;
    }
    if (active.length > 0) return;
    this.timer?.cancel();
    this.timer = null;
  }

  private arm(delaySeconds: number): Timer | null {
    if (!Number.isFinite(delaySeconds)) return null;
    return this.clock.timer(Math.max(MIN_SPACING_SECONDS, delaySeconds), () => {
      // After a stall of our own, answers may wait in the kernel: they are read and stamped before anything expires.
      this.timer = null;
      this.clock.defer(() => this.scan());
    });
  }

  private scan(): void {
    const now = this.clock.now();
    let next = now;
    try {
      this.catchUp();
      next = this.expireDue(now);
    } finally {
      this.timer?.cancel();
      this.timer = this.active.length > 0 ? this.arm(next - now) : null;
    }
  }

  /** The time of the next scan. */
  private expireDue(now: number): number {
    let next = now + this.shortest;
    // A copy: ending one changes the list.
    for (const item of [...this.active]) {
      const deadline = item.deadline();
      if (deadline <= now + EPSILON_SECONDS) item.expire(now);
      else next = Math.min(next, deadline);
    }
    return next;
  }
}
