import { toMicros } from '../measure/observations.js';
import type { SweepParts } from './parts.js';

/** Seconds since the run began, in whole microseconds. */
export function runTime(parts: SweepParts): number {
  return toMicros(parts.clock.now() - parts.originSeconds);
}

/**
 * Draws an edge now: when it resolves, every event before it has been counted and none at or after it. `capture` is
 * called at that moment with the edge's time.
 */
export async function drawEdge<T>(parts: SweepParts, capture: (at: number) => T): Promise<T> {
  const at = runTime(parts);
  parts.recorder.gate.open(at);
  await parts.load.barrier();
  const captured = capture(at);
  parts.recorder.gate.close();
  return captured;
}
