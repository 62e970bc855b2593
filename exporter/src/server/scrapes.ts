import type { Clock } from '../clock/clock.js';

/** Who read `/metrics` and when, so that a process about to exit can wait until its last values were fetched. */
export class ScrapeLog {
  private answered = 0;
  private begun = 0;
  private lastSeconds: number | null = null;
  private readonly marks = new Set<{ after: number; answered: number }>();

  constructor(private readonly clock: Clock) {}

  /** Scrapes answered in full. */
  get scrapeCount(): number {
    return this.answered;
  }

  /** When the last one was answered, seconds since the Unix epoch; null: never. */
  get lastScrapeAt(): number | null {
    return this.lastSeconds;
  }

  /** A function that tells how many scrapes *began* after this call and were answered: those saw today's values. */
  countFromNow(): () => number {
    const mark = { after: this.begun, answered: 0 };
    this.marks.add(mark);
    return () => mark.answered;
  }

  /** To be called when a scrape begins; the returned function when its answer has been written. */
  begin(): () => void {
    const place = ++this.begun;
    return () => {
      this.answered += 1;
      this.lastSeconds = this.clock.epoch();
      for (const mark of this.marks) if (place > mark.after) mark.answered += 1;
    };
  }
}
