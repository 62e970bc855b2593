import { metric, PROCESS_START, sumOf, type Adapter, type Alias } from './types.js';

/** `trtllm_x`, or `trtllm:x` as Dynamo 0.7 wrote it. */
const either = (name: string, more: Omit<Alias, 'names'> = {}): Alias[] => [
  metric(`trtllm_${name}`, more),
  metric(`trtllm:${name}`, { ...more, note: 'Dynamo 0.7' }),
];

/**
 * TensorRT-LLM: `/prometheus/metrics` of trtllm-serve (with `return_perf_metrics`), a Dynamo worker's page, or the JSON
 * of `/metrics`, which is turned into the names `trtllm_json:…` first. 1.1 has five metrics only.
 */
export const TRTLLM: Adapter = {
  engine: 'trtllm',
  recognise: /^trtllm(_|:)/,
  replicaLabels: ['worker_id', 'iteration_source'],
  deviceLabels: [],
  repeated: 'add',
  roles: {
    ...PROCESS_START,
    requests_running: [...either('num_requests_running'), metric('trtllm_json:numActiveRequests')],
    requests_waiting: [...either('num_requests_waiting'), metric('trtllm_json:numQueuedRequests')],
    max_num_seqs: [
      ...either('max_num_active_requests'),
      ...either('max_batch_size_static'),
      metric('trtllm_json:maxNumActiveRequests'),
    ],
    kv_usage_ratio: [...either('kv_cache_utilization'), metric('trtllm_json:kvUsedRatio')],
    kv_hit_ratio: [...either('kv_cache_hit_rate'), metric('trtllm_json:cacheHitRate')],
    cached_tokens_total: either('prompt_cached_tokens'),
    cache_hits_total: [...either('kv_cache_reused_blocks'), metric('trtllm_json:reusedBlocks', { note: 'blocks' })],
    cache_lookups_total: [
      sumOf(['trtllm_kv_cache_reused_blocks', 'trtllm_kv_cache_missed_blocks'], { note: 'blocks' }),
      sumOf(['trtllm:kv_cache_reused_blocks', 'trtllm:kv_cache_missed_blocks'], { note: 'Dynamo 0.7' }),
      sumOf(['trtllm_json:reusedBlocks', 'trtllm_json:missedBlocks'], { note: 'blocks' }),
    ],
    prompt_tokens_total: either('prompt_tokens'),
    output_tokens_total: either('generation_tokens'),
    requests_finished_total: either('request_success'),
    spec_draft_tokens_total: either('spec_decode_num_draft_tokens'),
    spec_accepted_tokens_total: either('spec_decode_num_accepted_tokens'),
    spec_acceptance_length: [
      ...either('spec_decode_acceptance_length'),
      metric('trtllm_json:acceptanceLength', { note: 'of the last iteration' }),
    ],
    gpu_memory_used_bytes: [...either('gpu_memory_usage_bytes'), metric('trtllm_json:gpuMemUsage')],
  },
  timed: {
    queue_seconds: either('request_queue_time_seconds'),
    ttft_seconds: either('time_to_first_token_seconds'),
    prefill_seconds: either('request_prefill_time_seconds'),
    request_seconds: either('e2e_request_latency_seconds'),
  },
};
