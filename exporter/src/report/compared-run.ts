import { observationsOf } from '../analysis/compare/observations.js';
import type { ComparedFigure, ComparedRun } from '../analysis/compare/types.js';
import type { RequestRecord } from '../measure/records.js';
import { windowRecord } from './build-result.js';
import { levelResult } from './figures.js';
import { describeSlo } from './markdown-slo.js';
import type { LevelFigures, RunResult } from './result-schema.js';

/**
 * A run as `compareRuns` takes it. `records`: those of its `requests.jsonl`, from which differences get intervals; empty
 * where there are none.
 */
export function comparedRun(result: RunResult, records: readonly RequestRecord[]): ComparedRun {
  const { run, spec, source, deployment, environment, plan } = result;
  const windows = result.windows.map(windowRecord);
  return {
    id: run.id,
    name: run.name,
    tool: source?.tool ?? null,
    model: spec.target.model,
    url: spec.target.url,
    endpoint: spec.target.endpoint,
    arrival: spec.arrival,
    workload: spec.workload,
    objectives: describeSlo(result),
    deployment,
    loadGenerator: environment === null ? null : `${environment.cores} cores of ${environment.cpu}`,
    repetitions: plan.repetitions,
    levels: result.levels.map((figures) => ({
      result: levelResult(figures),
      definitions: definitionsOf(figures),
      observations: records.length === 0 ? null : observationsOf(figures.level, windows, records),
    })),
  };
}

function definitionsOf(level: LevelFigures): Record<ComparedFigure, string> {
  const { ttft, tpot, itl, latency, okPerSecond, requestsPerSecond } = level;
  return {
    ttft_p50: ttft.p50.definition,
    ttft_p95: ttft.p95.definition,
    tpot_p50: tpot.p50.definition,
    tpot_p95: tpot.p95.definition,
    itl_p50: itl.p50.definition,
    itl_p95: itl.p95.definition,
    latency_p50: latency.p50.definition,
    latency_p95: latency.p95.definition,
    output_tokens_per_second: level.outputTokensPerSecond.definition,
    ok_per_second: (okPerSecond.value === null ? requestsPerSecond : okPerSecond).definition,
    error_ratio: level.errorRatio.definition,
  };
}
