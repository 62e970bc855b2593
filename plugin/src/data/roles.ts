/** Times that a sweep measures. */
export const LATENCY_MEASURES = ['ttft', 'tpot', 'itl', 'latency'] as const;
export type LatencyMeasure = (typeof LATENCY_MEASURES)[number];

/** Everything that is drawn over time, or over the level. */
export const MEASURES = [...LATENCY_MEASURES, 'tokens', 'requests', 'errors', 'inflight', 'other'] as const;
export type Measure = (typeof MEASURES)[number];

/** What the series of a query are to the panel. */
export type Role =
  | { kind: 'plotted'; measure: Measure; q: string | null }
  | { kind: 'result'; measure: LatencyMeasure }
  | { kind: 'figure'; figure: LevelFigure }
  | { kind: RecordRole };

/** One number a level. */
export const LEVEL_FIGURES = [
  'requestsPerSecond',
  'outputTokensPerSecond',
  'errorRatio',
  'samples',
  'kvHitRatio',
] as const;
export type LevelFigure = (typeof LEVEL_FIGURES)[number];

type RecordRole =
  | 'level'
  | 'phase'
  | 'snapshot'
  | 'window_edge'
  | 'window_info'
  | 'verdict'
  | 'slo'
  | 'slo_share'
  | 'slo_level'
  | 'knee_level'
  | 'run_info'
  | 'run_end'
  | 'ignored';

const RECORDS: Record<string, Role> = {
  level: { kind: 'level' },
  phase: { kind: 'phase' },
  snapshot: { kind: 'snapshot' },
  window_edge: { kind: 'window_edge' },
  window_info: { kind: 'window_info' },
  verdict: { kind: 'verdict' },
  slo: { kind: 'slo' },
  result_slo: { kind: 'slo_share' },
  slo_level: { kind: 'slo_level' },
  knee_level: { kind: 'knee_level' },
  run_info: { kind: 'run_info' },
  run_end: { kind: 'run_end' },
  result_rps: { kind: 'figure', figure: 'requestsPerSecond' },
  result_tokens: { kind: 'figure', figure: 'outputTokensPerSecond' },
  result_error: { kind: 'figure', figure: 'errorRatio' },
  result_samples: { kind: 'figure', figure: 'samples' },
  result_kv_hit: { kind: 'figure', figure: 'kvHitRatio' },
  result_ttft: { kind: 'result', measure: 'ttft' },
  result_tpot: { kind: 'result', measure: 'tpot' },
  result_itl: { kind: 'result', measure: 'itl' },
  result_latency: { kind: 'result', measure: 'latency' },
  tokens: { kind: 'plotted', measure: 'tokens', q: null },
  rps: { kind: 'plotted', measure: 'requests', q: null },
  errors: { kind: 'plotted', measure: 'errors', q: null },
  inflight: { kind: 'plotted', measure: 'inflight', q: null },
  ignore: { kind: 'ignored' },
};

const METRIC_NAMES: Record<string, string> = {
  loadgen_level: 'level',
  loadgen_phase: 'phase',
  loadgen_snapshot: 'snapshot',
  loadgen_window_timestamp_seconds: 'window_edge',
  loadgen_window_info: 'window_info',
  loadgen_level_verdict: 'verdict',
  loadgen_slo_seconds: 'slo',
  loadgen_run_slo_level: 'slo_level',
  loadgen_run_knee_level: 'knee_level',
  loadgen_run_info: 'run_info',
  loadgen_run_end_timestamp_seconds: 'run_end',
  loadgen_result_ttft_seconds: 'result_ttft',
  loadgen_result_tpot_seconds: 'result_tpot',
  loadgen_result_itl_seconds: 'result_itl',
  loadgen_result_latency_seconds: 'result_latency',
  loadgen_result_requests_per_second: 'result_rps',
  loadgen_result_output_tokens_per_second: 'result_tokens',
  loadgen_result_error_ratio: 'result_error',
  loadgen_result_slo_ratio: 'result_slo',
  loadgen_result_samples: 'result_samples',
  loadgen_result_kv_hit_ratio: 'result_kv_hit',
  loadgen_inflight_requests: 'inflight',
  loadgen_ttft_all_seconds: 'ttft',
  loadgen_tpot_all_seconds: 'tpot',
  loadgen_itl_all_seconds: 'itl',
  loadgen_latency_all_seconds: 'latency',
};

/** Names that a query may be given as its role, in the order of the editor's list. */
export const ROLE_NAMES: readonly string[] = [
  ...LATENCY_MEASURES.flatMap((measure) => [`${measure}_p50`, `${measure}_p95`, `${measure}_p99`]),
  ...Object.keys(RECORDS),
];

/** The role of that name (`ttft_p95`, `window_edge`, …), null when it is none. */
export function roleNamed(name: string): Role | null {
  if (Object.hasOwn(RECORDS, name)) return RECORDS[name]!;
  const plotted = /^(ttft|tpot|itl|latency)(?:_(p\d+(?:\.\d+)?|max|mean))?$/.exec(name);
  return plotted === null ? null : { kind: 'plotted', measure: plotted[1] as LatencyMeasure, q: plotted[2] ?? null };
}

/** Where the role of one series may be told; `refIdRole` comes from the panel's options and wins. */
export interface RoleHints {
  refIdRole: string | undefined;
  labels: Readonly<Record<string, string>>;
  /** Names of the frame and the field: some queries leave the metric's name only there. */
  names: readonly (string | undefined)[];
}

/** The query's option, else the label `role`, else the metric's name; a series that says nothing is plotted as it is. */
export function resolveRole({ refIdRole, labels, names }: RoleHints): Role {
  for (const name of [refIdRole, labels.role]) {
    const role = name === undefined ? null : withQuantile(roleNamed(name), labels);
    if (role !== null) return role;
  }
  for (const name of [labels.__name__, ...names]) {
    const metric = name === undefined ? '' : name.replace(/\{.*$/, '');
    const role = Object.hasOwn(METRIC_NAMES, metric) ? roleNamed(METRIC_NAMES[metric]!) : null;
    if (role !== null) return withQuantile(role, labels)!;
    if (/^loadgen_.*_(bucket|sum|count)$/.test(metric)) return { kind: 'ignored' };
  }
  return { kind: 'plotted', measure: 'other', q: null };
}

/** A summary's `quantile="0.95"` is the `p95` of its role. */
function withQuantile(role: Role | null, labels: Readonly<Record<string, string>>): Role | null {
  if (role?.kind !== 'plotted' || role.q !== null || role.measure === 'other') return role;
  const quantile = Number(labels.quantile);
  if (labels.quantile === undefined || !(quantile > 0 && quantile < 1)) return role;
  return { ...role, q: `p${Number((quantile * 100).toPrecision(12))}` };
}
