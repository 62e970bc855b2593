import type { LevelResult, QuantileSet } from '../../analysis/level-result.js';
import { VERDICTS } from '../../analysis/run-analysis.js';
import type { RESULT_METRICS } from '../catalogue/results.js';
import type { Collectors, ScalarCollector } from '../family.js';
import type { MetricSources } from '../sources.js';
import { knownOnly } from './known-only.js';

const QUANTILES = ['p50', 'p95', 'p99'] as const;

type LevelLabels = Readonly<Record<'run' | 'level', string>>;

/** Calls back for each level of each run; of levels with equal load, for the latest: a series may be told only once. */
function eachLevel(sources: MetricSources, visit: (result: LevelResult, labels: LevelLabels) => void): void {
  for (const { run, levels } of sources.runs()) {
    const latest = new Map(levels.map((result) => [result.load, result]));
    latest.forEach((result, load) => visit(result, { run, level: String(load) }));
  }
}

const quantiles =
  (read: (result: LevelResult) => QuantileSet): ScalarCollector<'run' | 'level' | 'q' | 'bound'> =>
  (sources, emit) => {
    const emitKnown = knownOnly(emit);
    eachLevel(sources, (result, { run, level }) => {
      const set = read(result);
      for (const q of QUANTILES) {
        // Written out, since spreading labels here took half the time of a scrape.
        const { value, lower, upper } = set[q];
        emitKnown(value, { run, level, q, bound: 'point' });
        emitKnown(lower, { run, level, q, bound: 'lower' });
        emitKnown(upper, { run, level, q, bound: 'upper' });
      }
    });
  };

const figure =
  (read: (result: LevelResult) => number): ScalarCollector<'run' | 'level'> =>
  (sources, emit) => {
    const emitKnown = knownOnly(emit);
    eachLevel(sources, (result, labels) => emitKnown(read(result), labels));
  };

/** Where the metrics of levels' results come from. */
export const collectResults: Collectors<typeof RESULT_METRICS> = {
  loadgen_result_ttft_seconds: quantiles((result) => result.ttft),
  loadgen_result_tpot_seconds: quantiles((result) => result.tpot),
  loadgen_result_itl_seconds: quantiles((result) => result.itl),
  loadgen_result_latency_seconds: quantiles((result) => result.latency),
  loadgen_result_requests_per_second: figure((result) => result.requestsPerSecond),
  loadgen_result_output_tokens_per_second: figure((result) => result.outputTokensPerSecond),
  loadgen_result_error_ratio: figure((result) => result.errorRatio),
  loadgen_result_slo_ratio: (sources, emit) => {
    const emitKnown = knownOnly(emit);
    eachLevel(sources, (result, { run, level }) => {
      for (const { slo, share } of result.slo) emitKnown(share.value, { run, level, slo });
    });
  },
  loadgen_result_kv_hit_ratio: figure(({ cache, telemetry }) => cache?.observed ?? telemetry?.kvHitRatio ?? NaN),
  loadgen_level_verdict: (sources, emit) => {
    for (const { run, conclusions } of sources.runs()) {
      const latest = new Map(conclusions?.levels.map(({ load, verdict }) => [load, verdict]));
      latest.forEach((verdict, load) => emit(VERDICTS.indexOf(verdict), { run, level: String(load) }));
    }
  },
  loadgen_result_samples: figure((result) => result.ttft.p50.n),
};
