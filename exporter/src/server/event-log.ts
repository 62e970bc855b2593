import type { SweepEvent } from '../sweep/events.js';
import type { EventSubscription, NumberedEvent } from './sweep-service.js';

/**
 * The events of one run, for replay to those who come later. Of the `progress` events, which come every second and
 * supersede each other, only the newest is retained, so that a log grows with the plan and not with time.
 */
export class EventLog {
  private readonly retained: NumberedEvent[] = [];
  private readonly listeners = new Set<(event: NumberedEvent) => void>();
  private lastSeq = 0;
  private over = false;

  /** True once an `end` event was pushed. */
  get ended(): boolean {
    return this.over;
  }

  /** Numbers the event, keeps it and tells all listeners. Events after `end` are a defect of the caller. */
  push(event: SweepEvent): void {
    if (this.over) throw new Error(`event "${event.type}" after the end of the run`);
    const numbered = { seq: ++this.lastSeq, event };
    if (event.type === 'progress') this.forgetProgress();
    this.retained.push(numbered);
    this.over = event.type === 'end';
    for (const listener of [...this.listeners]) listener(numbered);
    if (this.over) this.listeners.clear();
  }

  /** See `SweepService.subscribe`. A place that this log never reached (another process's) replays everything. */
  subscribe(afterSeq: number, listener: (event: NumberedEvent) => void): EventSubscription {
    const from = afterSeq > this.lastSeq ? 0 : afterSeq;
    for (const numbered of this.retained.filter(({ seq }) => seq > from)) listener(numbered);
    if (!this.over) this.listeners.add(listener);
    return { ended: this.over, unsubscribe: () => void this.listeners.delete(listener) };
  }

  private forgetProgress(): void {
    const index = this.retained.findLastIndex(({ event }) => event.type === 'progress');
    if (index >= 0) this.retained.splice(index, 1);
  }
}
