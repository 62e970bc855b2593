import { analyseRun } from '../analysis/analyse-run.js';
import { summariseLevel } from '../analysis/level.js';
import { causesByLevel } from '../analysis/cause.js';
import { levelOutcomes, type LevelOutcomes } from '../analysis/level-outcomes.js';
import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis, SearchedBoundary } from '../analysis/run-analysis.js';
import type { SearchStanding } from '../analysis/slo-search/replay.js';
import type { SweepSpec } from '../config/spec.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import type { ServerSide } from './server-side.js';

/** Keeps the figures of a run's levels as they end, and what they let conclude together. */
export class RunAnalyst {
  private readonly results = new Map<number, LevelResult>();
  private readonly outcomes = new Map<number, LevelOutcomes>();

  constructor(
    private readonly spec: SweepSpec,
    /** Absent: the servers' own signals are not known. */
    private readonly serverSide?: ServerSide,
  ) {}

  /** Figures of a level from its windows so far. `windows` and `records` may be those of the whole run. */
  add(level: number, windows: readonly WindowRecord[], records: readonly RequestRecord[]): LevelResult {
    const own = summariseLevel(this.spec, level, windows, records);
    const result = this.serverSide?.describe(own, windows, records) ?? own;
    const outcomes = levelOutcomes(this.spec.slo, level, windows, records);
    this.results.set(level, result);
    if (outcomes !== null) this.outcomes.set(level, outcomes);
    return result;
  }

  /** Of the levels added so far; `search`: where the run's SLO search stands, null where it has none. */
  analysis(search: SearchStanding | null = null): RunAnalysis {
    const { slo, load, target } = this.spec;
    const levels = [...this.results.values()];
    return analyseRun({
      levels,
      slo,
      arrival: load.arrival,
      totalTimeoutSeconds: target.timeouts.totalSeconds,
      advertisedSlots: advertisedSlots(levels),
      causes: causesByLevel(levels),
      outcomes: [...this.outcomes.values()],
      searched: searchedBoundary(search),
    });
  }
}

function searchedBoundary(search: SearchStanding | null): SearchedBoundary | null {
  if (search === null) return null;
  const { pass, fail } = search.bracket;
  return pass === null && fail === null ? null : { lastPass: pass, firstFail: fail, estimate: search.estimate };
}

/** The most that the servers said at any level; null: they say nothing of it. */
function advertisedSlots(levels: readonly LevelResult[]): number | null {
  const told = levels.map(({ telemetry }) => telemetry?.maxNumSeqs ?? NaN).filter((slots) => slots > 0);
  return told.length === 0 ? null : Math.max(...told);
}
