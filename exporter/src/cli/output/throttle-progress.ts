import type { Clock } from '../../clock/clock.js';
import type { SweepEvent } from '../../sweep/events.js';

/** Passes all events on, but progress at most every `seconds` of the clock. */
export function throttleProgress(
  pass: (event: SweepEvent) => void,
  clock: Pick<Clock, 'now'>,
  seconds: number,
): (event: SweepEvent) => void {
  let dueAt = -Infinity;
  return (event) => {
    if (event.type === 'progress') {
      if (clock.now() < dueAt) return;
      dueAt = clock.now() + seconds;
    }
    pass(event);
  };
}
