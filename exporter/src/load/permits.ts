import type { Clock, Timer } from '../clock/clock.js';

/**
 * Cap on the rate of conversation starts: permits fall due evenly, at most `perSecond`, first come first served; unused
 * ones do not pile up.
 */
export class Permits {
  private nextAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private perSecond: number | null,
  ) {}

  /** From the next request on. */
  setRate(perSecond: number | null): void {
    this.perSecond = perSecond;
  }

  /** Calls back when the start is permitted; at once (before returning) where nothing holds it. Null: was at once. */
  request(granted: () => void): Timer | null {
    if (this.perSecond === null) {
      granted();
      return null;
    }
    const now = this.clock.now();
    const due = Math.max(now, this.nextAt);
    this.nextAt = due + 1 / this.perSecond;
    if (due <= now) {
      granted();
      return null;
    }
    return this.clock.timer(due - now, granted);
  }
}
