import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { SweepSpec } from '../config/spec.js';
import type { WindowRecord } from '../measure/records.js';
import type { RetainedRun } from '../metrics/sources.js';
import type { WindowMarks } from '../sweep/run-state.js';
import { conclusionsOf } from './shown-verdicts.js';
import { windowMark } from './window-mark.js';

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
      windows: this.marks().map((marks) =>
        windowMark(marks, this.windows.get(marks.id), this.startedEpoch, this.analysis),
      ),
      levels: [...this.levels.values()],
      conclusions: conclusionsOf(this.analysis),
    };
  }
}
