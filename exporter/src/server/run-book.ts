import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { SweepSpec } from '../config/spec.js';
import type { WindowRecord } from '../measure/records.js';
import type { RetainedRun, WindowMark } from '../metrics/sources.js';
import type { WindowMarks } from '../sweep/run-state.js';
import { conclusionsOf, windowVerdict } from './shown-verdicts.js';

/** A run as the process knows it while it lasts and after; `/metrics` shows it from here. */
export class BookedRun {
  readonly levels = new Map<number, LevelResult>();
  readonly windows = new Map<string, WindowRecord>();
  /** Of the levels that have ended. */
  analysis: RunAnalysis | null = null;
  end: RetainedRun['end'] = null;

  constructor(
    readonly runId: string,
    private readonly spec: SweepSpec,
    readonly model: string,
    readonly startedEpoch: number,
    private readonly marks: () => readonly WindowMarks[],
  ) {}

  retained(): RetainedRun {
    const { spec } = this;
    const mode = String(spec.deployment['mode'] ?? 'unknown');
    return {
      run: this.runId,
      info: { name: spec.name, model: this.model, mode, workload: spec.workload.kind, arrival: spec.load.arrival },
      end: this.end,
      objectives: spec.slo.latency,
      windows: this.marks().map((marks) => this.mark(marks)),
      levels: [...this.levels.values()],
      conclusions: conclusionsOf(this.analysis),
    };
  }

  private mark(marks: WindowMarks): WindowMark {
    const window = this.windows.get(marks.id);
    const reasons =
      window === undefined ? [] : [...window.invalidReasons, ...(window.excluded === null ? [] : ['excluded'])];
    const epoch = (at: number): number => this.startedEpoch + at;
    return {
      id: marks.id,
      load: marks.load,
      repetition: marks.repetition,
      startedAt: epoch(marks.startedAt),
      measureStartedAt: epoch(marks.measureStartedAt),
      measureEndedAt: epoch(marks.measureEndedAt),
      endedAt: epoch(marks.endedAt),
      ...windowVerdict(marks.level, reasons, this.analysis),
    };
  }
}
