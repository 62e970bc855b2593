import { analyseRun } from '../../src/analysis/analyse-run.js';
import type { LevelResult } from '../../src/analysis/level-result.js';
import type { SweepEvent } from '../../src/sweep/events.js';

/** The event that ends the last of these levels, with what they let conclude together. */
export function levelEvent(...results: readonly LevelResult[]): Extract<SweepEvent, { type: 'level' }> {
  const analysis = analyseRun({
    levels: results,
    slo: { latency: [], errorRatio: null },
    arrival: 'closed',
    totalTimeoutSeconds: 120,
    advertisedSlots: null,
  });
  return { type: 'level', result: results.at(-1)!, analysis };
}
