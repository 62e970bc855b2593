import { recording, type Reader, type Recording } from '../recording.js';
import { TTFT_MEAN } from './ttft.js';

/** One row a server that the sidecar scrapes: engines' replicas and devices are put together. */
const WITHOUT = 'without (engine, replica, device)';

/** Seconds in the queue per request, by server. */
export const QUEUE_WAIT = recording(
  'llm:queue_wait_seconds:mean_1m',
  'mean time that requests waited in the server for a slot',
  (read) => meanOf('loadgen_upstream_queue_seconds', read, 60),
);

export const SERVER_TTFT_MEAN = recording('llm:ttft_seconds:mean_1m', 'mean TTFT as the server counts it', (read) =>
  meanOf('loadgen_upstream_ttft_seconds', read, 60),
);

export const WAITING = recording(
  'llm:requests_waiting:sum',
  'requests in the queue',
  () => `sum ${WITHOUT} (loadgen_upstream_requests_waiting)`,
);
export const RUNNING = recording(
  'llm:requests_running:sum',
  'requests in the batch',
  () => `sum ${WITHOUT} (loadgen_upstream_requests_running)`,
);
export const KV_USAGE = recording(
  'llm:kv_usage:max',
  'fullest KV cache',
  () => `max ${WITHOUT} (loadgen_upstream_kv_usage_ratio)`,
);
export const KV_HIT = recording(
  'llm:kv_hit:min',
  'lowest prefix-cache hit ratio of the replicas',
  () => `min ${WITHOUT} (loadgen_upstream_kv_hit_ratio)`,
);

export const PREEMPTIONS = recording('llm:preemptions_per_request:rate2m', 'preemptions per finished request', (read) =>
  ratio('loadgen_upstream_preemptions_total', 'loadgen_upstream_requests_finished_total', read.span(120)),
);

export const ACCEPTANCE = recording(
  'llm:spec_acceptance:ratio_rate2m',
  'share of the drafted tokens that the server accepted; absent while nothing is drafted',
  (read) =>
    ratio('loadgen_upstream_spec_accepted_tokens_total', 'loadgen_upstream_spec_draft_tokens_total', read.span(120)),
);

export const PROMPT_RATE = recording(
  'llm:prompt_tokens:rate1m',
  'prompt tokens per second',
  (read) => `sum ${WITHOUT} (rate(loadgen_upstream_prompt_tokens_total[${read.span(60)}]))`,
);

export const SPREAD = recording(
  'llm:worker_running:spread',
  'difference of the most and the least busy worker',
  () => 'max without (engine, device, replica) (loadgen_upstream_worker_running_spread)',
);

export const TTFT_GAP = recording(
  'loadgen:ttft_gap_seconds:mean_1m',
  'client TTFT minus server TTFT: network, proxy, or a client that stalls',
  (read) => `max by (job, instance) (${read.now(TTFT_MEAN)}) - max by (job, instance) (${read.now(SERVER_TTFT_MEAN)})`,
);

/** Histograms of TTFT that servers expose themselves, where Prometheus scrapes them directly. */
export const SERVER_TTFT_HISTOGRAMS = {
  vllm: 'vllm:time_to_first_token_seconds',
  sglang: 'sglang:time_to_first_token_seconds',
  trtllm: 'trtllm_time_to_first_token_seconds',
  dynamo: 'dynamo_frontend_time_to_first_token_seconds',
} as const;

export const SERVER_TTFT_P95: Recording = {
  name: 'llm:server_ttft_seconds:p95_1m',
  about: "TTFT p95 by the server's own histogram, whoever sent the requests; absent when no first token came",
  parts: Object.entries(SERVER_TTFT_HISTOGRAMS).map(([engine, metric]) => ({
    labels: { engine },
    expr: (read) =>
      `histogram_quantile(0.95, sum by (job, instance, le) (rate(${metric}_bucket[${read.span(60)}]))) ` +
      `and on (job, instance) sum by (job, instance) (rate(${metric}_count[${read.span(60)}])) > 0`,
  })),
};

export const SERVER_TTFT_BASELINE = recording(
  'llm:server_ttft_baseline_seconds:p50_30m',
  "median of the server's TTFT p95 over the 30 minutes before the last 5; absent until there was load 10 minutes ago",
  (read) =>
    `quantile_over_time(0.5, ${read.over(SERVER_TTFT_P95, 1800)} offset ${read.span(300)}) ` +
    `and on (job, instance, engine) ${read.ago(SERVER_TTFT_P95, 600)}`,
);

function meanOf(summary: string, read: Reader, seconds: number): string {
  return ratio(`${summary}_sum`, `${summary}_count`, read.span(seconds));
}

function ratio(over: string, under: string, span: string): string {
  return `sum ${WITHOUT} (rate(${over}[${span}])) / (sum ${WITHOUT} (rate(${under}[${span}])) > 0)`;
}

export const SERVER_RECORDINGS = [
  QUEUE_WAIT,
  SERVER_TTFT_MEAN,
  WAITING,
  RUNNING,
  KV_USAGE,
  KV_HIT,
  PREEMPTIONS,
  ACCEPTANCE,
  PROMPT_RATE,
  SPREAD,
  TTFT_GAP,
  SERVER_TTFT_P95,
  SERVER_TTFT_BASELINE,
] as const;
