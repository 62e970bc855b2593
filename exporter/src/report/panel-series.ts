import { VERDICTS } from '../analysis/run-analysis.js';
import type { Figure, LevelFigures, QuantileFigures, RunResult, WindowFigures } from './result-schema.js';

/** One series as Prometheus' HTTP API answers a range query: `[epoch seconds, text of the value]`. */
export interface MatrixSeries {
  metric: Record<string, string>;
  values: [number, string][];
}

/** What the panel needs to draw a finished run without Prometheus. */
export interface PanelData {
  series: MatrixSeries[];
  /** Epoch seconds. */
  from: number;
  to: number;
}

type Add = (name: string, labels: Record<string, string>, value: number | null) => void;

/**
 * The run's record and results as `/metrics` would show them after its end. What is not known is left out; an imported
 * run that doesn't say when it was is shown at the time of its import.
 */
export function panelData(result: RunResult): PanelData {
  const { run } = result;
  const from = Date.parse(run.startedAt ?? result.generated) / 1000;
  const to = run.endedAt === null ? from + lastMoment(result.windows) : Date.parse(run.endedAt) / 1000;
  const series: MatrixSeries[] = [];
  const add: Add = (name, labels, value) => {
    if (value === null || !Number.isFinite(value)) return;
    series.push({ metric: { __name__: name, run: run.id, ...labels }, values: [[to, String(value)]] });
  };
  addRun(result, to, add);
  const causes = new Map(result.analysis?.levels.map(({ load, causes: [first] }) => [load, first?.cause ?? 'unknown']));
  for (const window of result.windows) addWindow(window, from, causes, add);
  // Of levels with the same load the later one is shown, as on /metrics.
  const levels = new Map(result.levels.map((level) => [level.load, level]));
  for (const level of levels.values()) addLevel(level, add);
  addAnalysis(result, add);
  return { series, from, to };
}

function addAnalysis({ analysis }: RunResult, add: Add): void {
  if (analysis === undefined) return;
  for (const { load, verdict } of analysis.levels) {
    add('loadgen_level_verdict', { level: String(load) }, VERDICTS.indexOf(verdict));
  }
  const all = analysis.boundaries[0];
  add('loadgen_run_slo_level', { bound: 'last_pass' }, all?.lastPass ?? null);
  add('loadgen_run_slo_level', { bound: 'first_fail' }, all?.firstFail ?? null);
  add('loadgen_run_knee_level', {}, analysis.knee?.load ?? null);
}

function lastMoment(windows: readonly WindowFigures[]): number {
  return Math.max(0, ...windows.map(({ endedAt }) => endedAt));
}

function addRun({ run, spec, deployment }: RunResult, to: number, add: Add): void {
  const mode = String(deployment['mode'] ?? '');
  const info = {
    name: run.name,
    model: spec.target.model ?? '',
    mode,
    workload: spec.workload.kind,
    arrival: spec.arrival,
  };
  add('loadgen_run_info', info, 1);
  if (run.state !== 'running') add('loadgen_run_end_timestamp_seconds', { state: run.state }, to);
  for (const { name, metric, quantile, seconds } of spec.slo.latency) {
    add('loadgen_slo_seconds', { slo: name, metric, q: `p${Number((quantile * 100).toPrecision(12))}` }, seconds);
  }
}

function addWindow(window: WindowFigures, from: number, causes: ReadonlyMap<number, string>, add: Add): void {
  const labels = { window: window.id, level: String(window.load), repetition: String(window.repetition) };
  const edges = {
    start: window.startedAt,
    measure_start: window.measureStartedAt,
    measure_end: window.measureEndedAt,
    end: window.endedAt,
  };
  for (const [edge, at] of Object.entries(edges)) {
    add('loadgen_window_timestamp_seconds', { ...labels, edge }, from + at);
  }
  const verdict = window.invalidReasons.length > 0 ? 'invalid' : 'unknown';
  add(
    'loadgen_window_info',
    { ...labels, verdict, cause: causes.get(window.load) ?? 'unknown', reason: window.invalidReasons.join(',') },
    1,
  );
}

function addLevel(level: LevelFigures, add: Add): void {
  const labels = { level: String(level.load) };
  addQuantiles('loadgen_result_ttft_seconds', level.ttft, labels, add);
  addQuantiles('loadgen_result_tpot_seconds', level.tpot, labels, add);
  addQuantiles('loadgen_result_itl_seconds', level.itl, labels, add);
  addQuantiles('loadgen_result_latency_seconds', level.latency, labels, add);
  add('loadgen_result_requests_per_second', labels, level.requestsPerSecond.value);
  add('loadgen_result_output_tokens_per_second', labels, level.outputTokensPerSecond.value);
  add('loadgen_result_error_ratio', labels, level.errorRatio.value);
  add('loadgen_result_samples', labels, level.ttft.p50.n);
  for (const { slo, share } of level.slo) add('loadgen_result_slo_ratio', { ...labels, slo }, share.value);
}

function addQuantiles(name: string, figures: QuantileFigures, labels: Record<string, string>, add: Add): void {
  for (const q of ['p50', 'p95', 'p99'] as const) {
    const { value, lower, upper }: Figure = figures[q];
    add(name, { ...labels, q, bound: 'point' }, value);
    add(name, { ...labels, q, bound: 'lower' }, lower);
    add(name, { ...labels, q, bound: 'upper' }, upper);
  }
}
