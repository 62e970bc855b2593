import type { MetricDeclaration, Theme } from './declaration.js';

const SERIES = ['upstream', 'engine', 'replica', 'device'] as const;

const gauge = <Unit extends MetricDeclaration['unit']>(
  unit: Unit,
  help: string,
): { type: 'gauge'; unit: Unit; help: string; labels: typeof SERIES } => ({
  type: 'gauge',
  unit,
  help,
  labels: SERIES,
});

const counter = <Unit extends MetricDeclaration['unit']>(
  unit: Unit,
  help: string,
): { type: 'counter'; unit: Unit; help: string; labels: typeof SERIES } => ({
  type: 'counter',
  unit,
  help,
  labels: SERIES,
});

const summary = (help: string): { type: 'summary'; unit: 'seconds'; help: string; labels: typeof SERIES } => ({
  type: 'summary',
  unit: 'seconds',
  help,
  labels: SERIES,
});

/** What servers and GPUs tell, under one name and unit whatever their own names are. */
export const UPSTREAM_METRICS = {
  loadgen_upstream_up: {
    type: 'gauge',
    unit: 'none',
    help: '1: the last scrape of the upstream was answered; 0: it failed.',
    labels: ['upstream', 'engine'],
    example: { query: 'loadgen_upstream_up == 0', tells: 'servers or exporters that cannot be read' },
  },
  loadgen_upstream_scrape_duration_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last scrape of the upstream took.',
    labels: ['upstream', 'engine'],
  },
  loadgen_upstream_last_success_timestamp_seconds: {
    type: 'gauge',
    unit: 'epoch seconds',
    help: 'When the upstream was last scraped with success.',
    labels: ['upstream', 'engine'],
  },
  loadgen_upstream_metric_present: {
    type: 'gauge',
    unit: 'none',
    help: "Whether the upstream's last answer had a metric for the role: 0 means that none of its known names was there.",
    labels: ['upstream', 'engine', 'role'],
  },
  loadgen_upstream_requests_running: gauge('none', 'Requests that the worker computes now.'),
  loadgen_upstream_requests_waiting: {
    ...gauge('none', 'Requests that wait in the server: for a slot, or for room in the KV cache.'),
    example: {
      query: 'sum by (upstream) (loadgen_upstream_requests_waiting) > 0',
      tells: 'requests that wait in the server',
    },
  },
  loadgen_upstream_kv_usage_ratio: gauge('ratio', 'Share of the KV cache in use.'),
  loadgen_upstream_kv_hit_ratio: gauge(
    'ratio',
    "Share of prompt tokens found in the prefix cache over the last 60 s, or the engine's own figure.",
  ),
  loadgen_upstream_spec_acceptance_ratio: gauge(
    'ratio',
    "Share of draft tokens that were accepted over the last 60 s, or the engine's own figure.",
  ),
  loadgen_upstream_worker_running_spread: gauge(
    'none',
    'Running requests of the fullest worker less the emptiest one.',
  ),
  loadgen_upstream_max_num_seqs: gauge('none', 'Requests that the server computes at once at most, as it says.'),
  loadgen_upstream_gpu_utilization_ratio: gauge('ratio', 'Share of time in which any kernel ran on the GPU.'),
  loadgen_upstream_gpu_memory_used_bytes: gauge('bytes', "Memory of the GPU in use: the server's reservation."),
  loadgen_upstream_gpu_memory_total_bytes: gauge('bytes', 'Memory of the GPU.'),
  loadgen_upstream_gpu_power_watts: gauge('watts', 'Power that the GPU draws.'),
  loadgen_upstream_gpu_temperature_celsius: gauge('celsius', 'Temperature of the GPU.'),
  loadgen_upstream_gpu_sm_active_ratio: gauge('ratio', 'Share of multiprocessors with work.'),
  loadgen_upstream_gpu_dram_active_ratio: gauge('ratio', "Share of time in which the GPU's memory interface was busy."),
  loadgen_upstream_gpu_tensor_active_ratio: gauge('ratio', "Share of time in which the GPU's tensor cores were busy."),
  loadgen_upstream_host_memory_used_bytes: gauge('bytes', 'Memory of the host that is not available.'),
  loadgen_upstream_preemptions_total: counter('none', 'Requests put back for want of KV cache.'),
  loadgen_upstream_prompt_tokens_total: counter('none', 'Prompt tokens processed, cached ones included.'),
  loadgen_upstream_output_tokens_total: counter('none', 'Tokens generated.'),
  loadgen_upstream_cached_tokens_total: counter('none', 'Prompt tokens found in the prefix cache.'),
  loadgen_upstream_requests_finished_total: counter('none', 'Requests that ended.'),
  loadgen_upstream_spec_draft_tokens_total: counter('none', 'Draft tokens of speculative decoding.'),
  loadgen_upstream_spec_accepted_tokens_total: counter('none', 'Draft tokens that were accepted.'),
  loadgen_upstream_spec_drafts_total: counter('none', 'Drafts of speculative decoding.'),
  loadgen_upstream_gpu_energy_joules_total: counter('joules', 'Energy that the GPU has used.'),
  loadgen_upstream_host_cpu_seconds_total: counter('seconds', 'CPU time of the host, idle included.'),
  loadgen_upstream_host_cpu_busy_seconds_total: counter('seconds', 'CPU time of the host in use.'),
  loadgen_upstream_queue_seconds: {
    ...summary('Time that requests waited in the server.'),
    example: {
      query:
        'sum by (upstream) (rate(loadgen_upstream_queue_seconds_sum[1m])) / sum by (upstream) (rate(loadgen_upstream_queue_seconds_count[1m]))',
      tells: 'mean queue time in the server',
    },
  },
  loadgen_upstream_ttft_seconds: summary('Time to first token as the server sees it.'),
  loadgen_upstream_prefill_seconds: summary('Time from being scheduled to the first token.'),
  loadgen_upstream_request_seconds: summary('Time that requests took in the server.'),
} as const satisfies Theme;
