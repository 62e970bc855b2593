import { kvHitRatio } from './markdown-telemetry.js';
import type { Figure, LevelFigures, RunResult } from './result-schema.js';

type Cell = string | number | boolean | null;

const TIMES = ['ttft', 'tpot', 'itl', 'latency'] as const;
const QUANTILES = ['p50', 'p90', 'p95', 'p99'] as const;

function quantileCells(level: LevelFigures): [string, Cell][] {
  return TIMES.flatMap((metric) => [
    [`${metric}_samples`, level[metric].p50.n],
    [`${metric}_mean_seconds`, level[metric].mean.value],
    ...QUANTILES.flatMap((quantile): [string, Cell][] => {
      const { value, lower, upper }: Figure = level[metric][quantile];
      const name = `${metric}_${quantile}`;
      return [
        [`${name}_seconds`, value],
        [`${name}_lower_seconds`, lower],
        [`${name}_upper_seconds`, upper],
      ];
    }),
  ]);
}

/** What servers and GPUs told; empty where nothing. */
function telemetryCells(level: LevelFigures): [string, Cell][] {
  const { telemetry: seen } = level;
  const of = (read: (figures: NonNullable<typeof seen>) => Cell): Cell => (seen == null ? null : read(seen));
  return [
    ['kv_hit_ratio', kvHitRatio(level)],
    ['cache_expected_ratio', level.cache?.expected ?? null],
    ['cache_state', level.cache?.state ?? null],
    ['server_running_mean', of((figures) => figures.requestsRunning.mean)],
    ['server_waiting_mean', of((figures) => figures.requestsWaiting.mean)],
    ['server_waiting_share', of((figures) => figures.waitingShare)],
    ['server_kv_usage_peak_ratio', of((figures) => figures.kvUsage.peak)],
    ['server_preemptions_per_request', of((figures) => figures.preemptionsPerRequest)],
    ['server_queue_mean_seconds', of((figures) => figures.queueSeconds)],
    ['server_prefill_mean_seconds', of((figures) => figures.prefillSeconds)],
    ['server_ttft_mean_seconds', of((figures) => figures.ttftSeconds)],
    ['client_minus_server_ttft_seconds', of((figures) => figures.ttftGapSeconds)],
    ['server_output_tokens_per_second', of((figures) => figures.outputTokensPerSecond)],
    ['spec_acceptance_ratio', of((figures) => figures.specAcceptanceRatio)],
    ['spec_acceptance_length', of((figures) => figures.specAcceptanceLength)],
    ['worker_running_spread_mean', of((figures) => figures.workerRunningSpread.mean)],
    ['gpu_utilization_mean_ratio', of((figures) => figures.gpuUtilization.mean)],
    ['gpu_memory_used_peak_bytes', of((figures) => figures.gpuMemoryUsedBytes.peak)],
    ['gpu_power_mean_watts', of((figures) => figures.gpuPowerWatts.mean)],
    ['tokens_per_joule', of((figures) => figures.tokensPerJoule)],
  ];
}

function levelCells({ run, spec, analysis }: RunResult, level: LevelFigures): [string, Cell][] {
  const judged = analysis?.levels.find((judgement) => judgement.level === level.level);
  return [
    ['run', run.id],
    ['model', spec.target.model],
    ['level', level.load],
    ['valid', level.valid],
    ['steady', level.steady],
    ['invalid_reasons', level.invalidReasons.join(' ')],
    ['windows', level.windows.length],
    ['windows_used', level.windowsUsed.length],
    ['measured_seconds', level.seconds],
    ['started', level.started],
    ['completed', level.completed],
    ['ok', level.ok],
    ['censored', level.censored],
    ['error_ratio', level.errorRatio.value],
    ...quantileCells(level),
    ['requests_per_second', level.requestsPerSecond.value],
    ['ok_per_second', level.okPerSecond.value],
    ['conversations_per_second', level.conversationsPerSecond.value],
    ['output_tokens_per_second', level.outputTokensPerSecond.value],
    ['input_tokens_per_second', level.inputTokensPerSecond.value],
    ['input_tokens_mean', level.inputTokensMean.value],
    ['output_tokens_mean', level.outputTokensMean.value],
    ['tokens_source', level.tokensSource],
    ...telemetryCells(level),
    ['verdict', judged?.verdict ?? null],
    ['verdict_codes', judged?.codes.join(' ') ?? null],
    ['goodput_per_second', judged?.outcomes?.goodputPerSecond ?? null],
    ...level.slo.flatMap((objective): [string, Cell][] => [
      [`slo_${objective.slo}_ratio`, objective.share.value],
      [`slo_${objective.slo}_pass`, objective.pass],
    ]),
  ];
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row a level, RFC 4180 (CRLF, header line); times in seconds, ratios 0–1, unknown values empty. */
export function renderCsv(result: RunResult): string {
  const rows = result.levels.map((level) => levelCells(result, level));
  const header = rows[0]?.map(([name]) => name) ?? ['run', 'model', 'level'];
  const lines = [header, ...rows.map((row) => row.map(([, cell]) => cell))];
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}
