import { analyseRun } from '../analysis/analyse-run.js';
import { summariseLevel } from '../analysis/level.js';
import { levelOutcomes, type LevelOutcomes } from '../analysis/level-outcomes.js';
import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { SweepSpec } from '../config/spec.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';

/** Keeps the figures of a run's levels as they end, and what they let conclude together. */
export class RunAnalyst {
  private readonly results = new Map<number, LevelResult>();
  private readonly outcomes = new Map<number, LevelOutcomes>();

  constructor(private readonly spec: SweepSpec) {}

  /** Figures of a level from its windows so far. `windows` and `records` may be those of the whole run. */
  add(level: number, windows: readonly WindowRecord[], records: readonly RequestRecord[]): LevelResult {
    const result = summariseLevel(this.spec, level, windows, records);
    const outcomes = levelOutcomes(this.spec.slo, level, windows, records);
    this.results.set(level, result);
    if (outcomes !== null) this.outcomes.set(level, outcomes);
    return result;
  }

  /** Of the levels added so far. */
  analysis(): RunAnalysis {
    const { slo, load, target } = this.spec;
    return analyseRun({
      levels: [...this.results.values()],
      slo,
      arrival: load.arrival,
      totalTimeoutSeconds: target.timeouts.totalSeconds,
      // The servers' own signals are not scraped here, so their limits are not known.
      advertisedSlots: null,
      outcomes: [...this.outcomes.values()],
    });
  }
}
