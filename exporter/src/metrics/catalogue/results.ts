import type { Theme } from './declaration.js';

/** A level's figures, pooled over its windows and set when it ends. A figure without data is absent. */
export const RESULT_METRICS = {
  loadgen_result_ttft_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: "Quantile of the level's times to first token, with its 95 % interval.",
    labels: ['run', 'level', 'q', 'bound'],
    example: {
      query: 'last_over_time(loadgen_result_ttft_seconds{q="p95",bound="point"}[$__range])',
      tells: 'TTFT p95 against the level: the curve of the sweep',
    },
  },
  loadgen_result_tpot_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: "Quantile of the level's times per output token, with its 95 % interval.",
    labels: ['run', 'level', 'q', 'bound'],
  },
  loadgen_result_itl_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: "Quantile of the level's gaps between token chunks, with its 95 % interval.",
    labels: ['run', 'level', 'q', 'bound'],
  },
  loadgen_result_latency_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: "Quantile of the level's end-to-end latencies, with its 95 % interval.",
    labels: ['run', 'level', 'q', 'bound'],
  },
  loadgen_result_requests_per_second: {
    type: 'gauge',
    unit: 'per second',
    help: 'Requests (turns) completed per second at the level, errors included.',
    labels: ['run', 'level'],
  },
  loadgen_result_output_tokens_per_second: {
    type: 'gauge',
    unit: 'per second',
    help: 'Output tokens per second at the level.',
    labels: ['run', 'level'],
    example: {
      query: 'last_over_time(loadgen_result_output_tokens_per_second[$__range])',
      tells: 'throughput against the level',
    },
  },
  loadgen_result_error_ratio: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the completed requests that failed at the level.',
    labels: ['run', 'level'],
  },
  loadgen_result_slo_ratio: {
    type: 'gauge',
    unit: 'ratio',
    help: "Share of the requests started in the level's windows that met the objective.",
    labels: ['run', 'level', 'slo'],
  },
  loadgen_result_kv_hit_ratio: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of prompt tokens found in the prefix cache at the level, as usage or the server tells.',
    labels: ['run', 'level'],
  },
  loadgen_level_verdict: {
    type: 'gauge',
    unit: 'none',
    help: 'Verdict on the level: 0 unknown, 1 clean, 2 degrading, 3 saturated, 4 invalid.',
    labels: ['run', 'level'],
    example: {
      query: 'min by (run) (last_over_time(loadgen_level_verdict[$__range]) == 3)',
      tells: 'runs with a saturated level',
    },
  },
  loadgen_result_samples: {
    type: 'gauge',
    unit: 'none',
    help: "Requests whose time to first token the level's figures pool.",
    labels: ['run', 'level'],
  },
} as const satisfies Theme;
