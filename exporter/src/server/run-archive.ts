import { join } from 'node:path';
import { parseResult, ResultError } from '../report/parse-result.js';
import { renderReport } from '../report/render.js';
import type { RunResult } from '../report/result-schema.js';
import { listRuns, readResultText } from '../store/runs.js';
import { isRunId } from '../store/run-id.js';
import type { ReportFormat, ReportOutcome, RunSummary } from './sweep-service.js';

/** The runs on disk, in the API's terms. */
export class RunArchive {
  constructor(private readonly runsDir: string) {}

  /** Newest first; runs whose result can't be read are told as interrupted. */
  summaries(): RunSummary[] {
    return listRuns(this.runsDir).map((run) => this.summary(run.id)!);
  }

  summary(runId: string): RunSummary | null {
    if (!this.exists(runId)) return null;
    const result = this.result(runId);
    return result === null ? unreadable(runId) : summaryOf(result);
  }

  /** null: there is none, or it can't be read. */
  result(runId: string): RunResult | null {
    if (!this.exists(runId)) return null;
    const dir = join(this.runsDir, runId);
    const text = readResultText(dir);
    if (text === null) return null;
    try {
      return parseResult(text, dir);
    } catch (error) {
      if (error instanceof ResultError) return null;
      throw error;
    }
  }

  report(runId: string, format: ReportFormat): ReportOutcome {
    if (!this.exists(runId)) return { kind: 'unknownRun' };
    const result = this.result(runId);
    if (result === null) {
      return { kind: 'notReady', message: 'this run has no readable result; "sweepscope resume" can go on with it' };
    }
    return { kind: 'report', body: renderReport(result, format) };
  }

  private exists(runId: string): boolean {
    return isRunId(runId) && listRuns(this.runsDir).some((run) => run.id === runId);
  }
}

function summaryOf({ run, spec, plan }: RunResult): RunSummary {
  return {
    id: run.id,
    name: run.name,
    kind: run.kind,
    state: run.state === 'running' ? 'interrupted' : run.state,
    reason: run.state === 'running' ? 'the process ended before the run did' : run.reason,
    startedAt: run.startedAt === null ? NaN : Date.parse(run.startedAt) / 1000,
    endedAt: run.endedAt === null ? null : Date.parse(run.endedAt) / 1000,
    targetUrl: spec.target.url ?? '',
    model: spec.target.model,
    levels: plan.levels,
    repetitions: plan.repetitions,
    plannedSeconds: NaN,
  };
}

function unreadable(runId: string): RunSummary {
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(runId)!;
  const startedAt = Date.UTC(+time[1]!, +time[2]! - 1, +time[3]!, +time[4]!, +time[5]!, +time[6]!) / 1000;
  return {
    id: runId,
    name: runId,
    kind: 'sweep',
    state: 'interrupted',
    reason: 'it has no readable result',
    startedAt,
    endedAt: null,
    targetUrl: '',
    model: null,
    levels: [],
    repetitions: 0,
    plannedSeconds: NaN,
  };
}
