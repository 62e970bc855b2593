/**
 * The quantities that servers and GPUs are asked for, under one name and unit whatever their own names are. `gauge`: what
 * is so now; `counter`: counted since the server began. `fold`: how values of several workers or devices become one.
 */
export const ROLES = {
  requests_running: { kind: 'gauge', fold: 'sum' },
  requests_waiting: { kind: 'gauge', fold: 'sum' },
  kv_usage_ratio: { kind: 'gauge', fold: 'max' },
  kv_hit_ratio: { kind: 'gauge', fold: 'mean' },
  spec_acceptance_ratio: { kind: 'gauge', fold: 'mean' },
  spec_acceptance_length: { kind: 'gauge', fold: 'mean' },
  max_num_seqs: { kind: 'gauge', fold: 'sum' },
  gpu_utilization_ratio: { kind: 'gauge', fold: 'mean' },
  gpu_memory_used_bytes: { kind: 'gauge', fold: 'sum' },
  gpu_memory_total_bytes: { kind: 'gauge', fold: 'sum' },
  gpu_power_watts: { kind: 'gauge', fold: 'sum' },
  gpu_temperature_celsius: { kind: 'gauge', fold: 'max' },
  gpu_sm_active_ratio: { kind: 'gauge', fold: 'mean' },
  gpu_dram_active_ratio: { kind: 'gauge', fold: 'mean' },
  gpu_tensor_active_ratio: { kind: 'gauge', fold: 'mean' },
  host_memory_used_bytes: { kind: 'gauge', fold: 'sum' },
  host_memory_total_bytes: { kind: 'gauge', fold: 'sum' },
  process_start_seconds: { kind: 'gauge', fold: 'max' },
  preemptions_total: { kind: 'counter', fold: 'sum' },
  prompt_tokens_total: { kind: 'counter', fold: 'sum' },
  output_tokens_total: { kind: 'counter', fold: 'sum' },
  cached_tokens_total: { kind: 'counter', fold: 'sum' },
  /** What was looked up in the prefix cache, and found: tokens or blocks, as the engine counts; only their quotient means something. */
  cache_lookups_total: { kind: 'counter', fold: 'sum' },
  cache_hits_total: { kind: 'counter', fold: 'sum' },
  requests_finished_total: { kind: 'counter', fold: 'sum' },
  spec_draft_tokens_total: { kind: 'counter', fold: 'sum' },
  spec_accepted_tokens_total: { kind: 'counter', fold: 'sum' },
  spec_drafts_total: { kind: 'counter', fold: 'sum' },
  gpu_energy_joules_total: { kind: 'counter', fold: 'sum' },
  host_cpu_seconds_total: { kind: 'counter', fold: 'sum' },
  host_cpu_busy_seconds_total: { kind: 'counter', fold: 'sum' },
  queue_seconds_sum: { kind: 'counter', fold: 'sum' },
  queue_seconds_count: { kind: 'counter', fold: 'sum' },
  ttft_seconds_sum: { kind: 'counter', fold: 'sum' },
  ttft_seconds_count: { kind: 'counter', fold: 'sum' },
  prefill_seconds_sum: { kind: 'counter', fold: 'sum' },
  prefill_seconds_count: { kind: 'counter', fold: 'sum' },
  request_seconds_sum: { kind: 'counter', fold: 'sum' },
  request_seconds_count: { kind: 'counter', fold: 'sum' },
} as const satisfies Record<string, { kind: 'gauge' | 'counter'; fold: Fold }>;

export type Fold = 'sum' | 'max' | 'mean';
export type Role = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** Roles that are a sum and a count of observed times. */
export const TIMED_ROLES = ['queue_seconds', 'ttft_seconds', 'prefill_seconds', 'request_seconds'] as const;
export type TimedRole = (typeof TIMED_ROLES)[number];

export const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name);

/** Software whose metrics are understood; `prometheus`: roles are asked of a Prometheus by query. */
export const ENGINES = ['vllm', 'sglang', 'trtllm', 'dynamo', 'llamacpp', 'dcgm', 'node', 'prometheus'] as const;
export type Engine = (typeof ENGINES)[number];

/** Engines that serve models: their restart loses the KV cache and invalidates what was being measured. */
export const isServing = (engine: Engine): boolean => engine !== 'dcgm' && engine !== 'node';

/** One value of one role of an upstream. Empty: the upstream tells no such difference. */
export interface RoleSeries {
  role: Role;
  /** Worker, rank or host. */
  replica: string;
  /** GPU. */
  device: string;
}
