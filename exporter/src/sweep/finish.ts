import { summariseLevel } from '../analysis/level.js';
import { searchStanding } from '../analysis/slo-search/replay.js';
import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { SweepSpec } from '../config/spec.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { buildResult, type RunFacts, type Segment } from '../report/build-result.js';
import { levelResult } from '../report/figures.js';
import { renderReport } from '../report/render.js';
import type { RunResult } from '../report/result-schema.js';
import type { RunFolder } from '../store/run-folder.js';
import { describeWorkload } from '../workload/describe.js';
import type { ServerReport } from '../report/telemetry-figures.js';
import type { PreparedTarget } from './prepare.js';
import type { ServerSide } from './server-side.js';
import { RunAnalyst } from './run-analyst.js';

/** A run as it stands: what its result and report are made of. */
export interface RunStanding {
  runId: string;
  kind: RunFacts['kind'];
  /** With the levels as they were run. */
  spec: SweepSpec;
  prepared: PreparedTarget;
  environment: RunFacts['environment'];
  state: RunFacts['state'];
  reason: string;
  startedEpoch: number;
  /** null: still running. */
  endedEpoch: number | null;
  segments: readonly Segment[];
  windows: readonly WindowRecord[];
  records: readonly RequestRecord[];
  /** What was found before the sweep, for the report. */
  preflight: RunFacts['preflight'];
  /** What the servers' own metrics add; absent: nothing. */
  serverSide?: ServerSide;
  /** What happened on the way that a reader has to know. */
  remarks: readonly string[];
}

export interface FinishedRun {
  result: RunResult;
  /** As the result has them: what is shown now is what is shown after a restart. */
  levels: LevelResult[];
  analysis: RunAnalysis;
}

/** The result of a run as it stands at `nowEpoch` (Unix seconds). Pure. */
export function resultOf(standing: RunStanding, nowEpoch: number): FinishedRun {
  const { spec, records, prepared, serverSide } = standing;
  const windows = standing.windows.map((window) => serverSide?.judge(window, records) ?? window);
  const measured = spec.load.levels.map((_, level) => level).filter((level) => windows.some((w) => w.level === level));
  const analyst = new RunAnalyst(spec, serverSide);
  const levels = measured.map((level) => analyst.add(level, windows, records));
  const search = searchStanding(spec, windows, records);
  const analysis = analyst.analysis(search);
  const facts: RunFacts = {
    id: standing.runId,
    kind: standing.kind,
    state: standing.state,
    reason: standing.reason,
    startedEpoch: standing.startedEpoch,
    endedEpoch: standing.endedEpoch,
    segments: standing.segments,
    model: prepared.preflight.model,
    levels: spec.load.levels,
    workload: describeWorkload(spec.workload, prepared.workloadData),
    environment: standing.environment,
    preflight: standing.preflight,
    search,
    warnings: [...prepared.warnings, ...standing.remarks],
  };
  const withExcluded = excludedLevels(windows).map((level) =>
    summariseLevel(spec, level, windows.map(keptIn), records),
  );
  const result = buildResult(
    facts,
    spec,
    windows,
    levels,
    nowEpoch,
    { analysis, withExcluded },
    seenOfServer(standing, windows),
  );
  return { result, levels: result.levels.map(levelResult), analysis };
}

/** Levels with some valid windows kept out for their errors, so that both results can be shown. */
function excludedLevels(windows: readonly WindowRecord[]): number[] {
  const valid = windows.filter((window) => window.invalidReasons.length === 0);
  const excluded = new Set(valid.filter((window) => window.excluded !== null).map(({ level }) => level));
  const kept = new Set(valid.filter((window) => window.excluded === null).map(({ level }) => level));
  return [...excluded].filter((level) => kept.has(level)).sort((a, b) => a - b);
}

function keptIn(window: WindowRecord): WindowRecord {
  return { ...window, excluded: null };
}

function seenOfServer({ serverSide, records }: RunStanding, windows: readonly WindowRecord[]): ServerReport | null {
  const whole = windows.length === 0 ? null : (serverSide?.ofRun(windows) ?? null);
  if (serverSide === undefined || whole === null) return null;
  return {
    whole,
    matched: serverSide.matched(),
    windows: new Map(windows.map((window) => [window.id, serverSide.ofWindow(window, records)])),
  };
}

/** Writes the result so far, so that a crash leaves a readable one. @throws StoreError */
export function writeResult(folder: RunFolder, result: RunResult): void {
  folder.write('result', renderReport(result, 'json'));
}

/** Writes result and report. @throws StoreError */
export function writeReports(folder: RunFolder, result: RunResult): void {
  writeResult(folder, result);
  folder.write('report', renderReport(result, 'md'));
}
