import { metric, PROCESS_START, type Adapter } from './types.js';

/** A component has control endpoints beside the one that generates. */
const GENERATING = { dynamo_endpoint: /^(generate)?$/ };

/**
 * NVIDIA Dynamo: the front end's page, a worker's, or both on one. `dynamo_frontend_queued_requests` counts requests until
 * their first token, prefill included: it is no queue and not read as one.
 */
export const DYNAMO: Adapter = {
  engine: 'dynamo',
  recognise: /^dynamo_(frontend|component)_/,
  replicaLabels: ['worker_id', 'dp_rank'],
  deviceLabels: [],
  repeated: 'add',
  roles: {
    ...PROCESS_START,
    requests_running: [
      metric('dynamo_component_inflight_requests', { where: GENERATING, note: 'of each worker, its queue included' }),
      metric('dynamo_frontend_inflight_requests'),
    ],
    requests_waiting: [
      metric('dynamo_frontend_router_queue_pending_requests'),
      metric('dynamo_router_queue_pending_requests'),
    ],
    kv_usage_ratio: [
      metric('dynamo_component_gpu_cache_usage_percent', { where: GENERATING, note: 'a ratio in spite of its name' }),
      metric('dynamo_component_kvstats_gpu_cache_usage_percent', { note: 'up to 0.9' }),
    ],
    kv_hit_ratio: [metric('dynamo_component_kvstats_gpu_prefix_cache_hit_rate', { note: 'up to 0.9' })],
    max_num_seqs: [metric('dynamo_frontend_model_max_num_seqs', { perWorker: true, note: 'of each worker' })],
    cached_tokens_total: [metric('dynamo_frontend_cached_tokens_sum')],
    prompt_tokens_total: [metric('dynamo_frontend_input_sequence_tokens_sum')],
    output_tokens_total: [
      metric('dynamo_frontend_output_tokens'),
      metric('dynamo_frontend_output_sequence_tokens_sum', { note: 'counted when requests end' }),
    ],
    requests_finished_total: [metric('dynamo_frontend_requests'), metric('dynamo_component_requests')],
  },
  timed: {
    ttft_seconds: [metric('dynamo_frontend_time_to_first_token_seconds')],
    request_seconds: [metric('dynamo_frontend_request_duration_seconds')],
  },
};
