import { splitBatch, type ObservationBatch } from './observations.js';

/**
 * Keeps events on their side of a window's edge. While an edge is open (its time is set, but not all workers have
 * answered the barrier), events before it pass and events at or after it are held; closing it lets them go.
 */
export class EdgeGate {
  private edge = NaN;
  private held: ObservationBatch[] = [];

  constructor(private readonly pass: (batch: ObservationBatch) => void) {}

  offer(batch: ObservationBatch): void {
    if (Number.isNaN(this.edge)) return this.pass(batch);
    const [before, after] = splitBatch(batch, this.edge);
    this.pass(before);
    this.held.push(after);
  }

  /** Sets an edge at `at` seconds since the run began. One at a time. */
  open(at: number): void {
    if (!Number.isNaN(this.edge)) throw new Error('an edge is open already');
    this.edge = at;
  }

  /** All workers have answered: what happened at or after the edge follows now. */
  close(): void {
    this.edge = NaN;
    const held = this.held;
    this.held = [];
    for (const batch of held) this.pass(batch);
  }
}
