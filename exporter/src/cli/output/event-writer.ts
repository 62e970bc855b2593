import type { SweepEvent } from '../../sweep/events.js';

/** Shows a sweep as it goes. */
export interface EventWriter {
  handle(event: SweepEvent): void;
  /** Leaves the terminal as it was found; may be called at any time, more than once. */
  close(): void;
}

/** What a level counts: users (closed loop) or requests per second (open loop). */
export type LoadUnit = 'users' | 'req/s';
