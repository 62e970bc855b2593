import { metric, PROCESS_START, type Adapter } from './types.js';

/**
 * vLLM, V1 and the last V0 generations. A metric that is deprecated in one version is hidden in the next and gone in the
 * one after, so older names stand behind the newer ones. Through Ray `vllm:` becomes `ray_vllm_` or `vllm_`: not read.
 */
export const VLLM: Adapter = {
  engine: 'vllm',
  recognise: /^vllm:/,
  replicaLabels: ['engine'],
  deviceLabels: [],
  repeated: 'add',
  roles: {
    ...PROCESS_START,
    requests_running: [metric('vllm:num_requests_running')],
    requests_waiting: [
      metric('vllm:num_requests_waiting'),
      metric('vllm:num_requests_waiting_by_reason', { note: 'from 0.31 on' }),
    ],
    kv_usage_ratio: [
      metric('vllm:kv_cache_usage_perc', { note: 'a ratio in spite of its name' }),
      metric('vllm:gpu_cache_usage_perc', { note: 'deprecated in 0.9, gone from 0.13 on' }),
    ],
    max_num_seqs: [metric('vllm:max_num_seqs'), metric('vllm:scheduler_max_num_seqs')],
    preemptions_total: [metric('vllm:num_preemptions')],
    prompt_tokens_total: [metric('vllm:prompt_tokens')],
    output_tokens_total: [metric('vllm:generation_tokens')],
    cached_tokens_total: [
      metric('vllm:prompt_tokens_cached', { note: 'from 0.19 on' }),
      metric('vllm:prompt_tokens_by_source', { where: { source: /^(local_cache_hit|external_kv_transfer)$/ } }),
    ],
    cache_lookups_total: [
      metric('vllm:prefix_cache_queries', { note: 'over-counts scheduling retries under pressure before 0.26' }),
      metric('vllm:gpu_prefix_cache_queries', { note: 'deprecated in 0.9, gone from 0.13 on' }),
    ],
    cache_hits_total: [metric('vllm:prefix_cache_hits'), metric('vllm:gpu_prefix_cache_hits')],
    kv_hit_ratio: [metric('vllm:gpu_prefix_cache_hit_rate', { note: 'V0 only; −1 before the first request' })],
    requests_finished_total: [metric('vllm:request_success', { note: 'aborted requests are counted too' })],
    spec_drafts_total: [metric('vllm:spec_decode_num_drafts')],
    spec_draft_tokens_total: [metric('vllm:spec_decode_num_draft_tokens')],
    spec_accepted_tokens_total: [metric('vllm:spec_decode_num_accepted_tokens')],
    spec_acceptance_ratio: [metric('vllm:spec_decode_draft_acceptance_rate', { note: 'V0 only' })],
  },
  timed: {
    queue_seconds: [
      metric('vllm:request_queue_time_seconds'),
      metric('vllm:time_in_queue_requests', { note: 'deprecated in 0.8' }),
    ],
    ttft_seconds: [metric('vllm:time_to_first_token_seconds')],
    prefill_seconds: [metric('vllm:request_prefill_time_seconds')],
    request_seconds: [metric('vllm:e2e_request_latency_seconds')],
  },
  isSentinel: (value) => value === -1,
};
