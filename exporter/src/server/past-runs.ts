import type { RetainedRun } from '../metrics/sources.js';
import { levelResult } from '../report/figures.js';
import { parseResult } from '../report/parse-result.js';
import type { RunResult } from '../report/result-schema.js';
import type { WorkloadSpec } from '../config/spec.js';
import { conclusionsOf } from './shown-verdicts.js';
import { listRuns, readResultText } from '../store/runs.js';
import { windowMark } from './window-mark.js';

/** A run that ended before this process began. */
export interface PastRun {
  run: RetainedRun;
  /** Shown whatever newer runs there are. */
  pinned: boolean;
}

/** The newest runs on disk (imported ones only when pinned), and pinned ones, as `/metrics` shows them: so that a restart empties no picture. */
export function pastRuns(runsDir: string, newest: number, onUnreadable: (message: string) => void): PastRun[] {
  const shown: PastRun[] = [];
  let counted = 0;
  for (const { dir, pinned } of listRuns(runsDir)) {
    if (!pinned && counted >= newest) continue;
    const run = readRun(dir, pinned, onUnreadable);
    if (run === null) continue;
    if (!pinned) counted += 1;
    shown.push({ run, pinned });
  }
  return shown;
}

function readRun(dir: string, pinned: boolean, onUnreadable: (message: string) => void): RetainedRun | null {
  try {
    const text = readResultText(dir);
    if (text === null) return null;
    const result = parseResult(text, dir);
    return result.run.kind === 'import' && !pinned ? null : retainedRun(result);
  } catch (error) {
    onUnreadable(error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** A run from its result, as `/metrics` shows it. */
export function retainedRun(result: RunResult): RetainedRun {
  const { run, spec, deployment } = result;
  // Only imports lack times; their levels may be shown all the same.
  const endedAt = run.kind === 'import' ? (run.endedAt ?? result.generated) : run.endedAt;
  const startedEpoch = Date.parse(run.startedAt ?? result.generated) / 1000;
  const ended = run.state !== 'running' && endedAt !== null;
  return {
    run: run.id,
    info: {
      name: run.name,
      model: spec.target.model ?? '',
      mode: String(deployment['mode'] ?? 'unknown'),
      workload: spec.workload.kind as WorkloadSpec['kind'],
      arrival: spec.arrival,
    },
    end: ended ? { state: run.state as 'completed' | 'aborted', epochSeconds: Date.parse(endedAt) / 1000 } : null,
    objectives: spec.slo.latency,
    windows: result.windows.map((window) => windowMark(window, window, startedEpoch, result.analysis ?? null)),
    levels: result.levels.map(levelResult),
    conclusions: conclusionsOf(result.analysis ?? null),
  };
}
