import { metric, PROCESS_START, type Adapter, type Alias } from './types.js';

/** Every rank of a model shows the scheduler's gauges: only the first rank's count. */
const FIRST_RANK = { tp_rank: /^0?$/, pp_rank: /^0?$/, moe_ep_rank: /^0?$/ };

const scheduler = (name: string, more: Omit<Alias, 'names' | 'where'> = {}): Alias =>
  metric(`sglang:${name}`, { where: FIRST_RANK, ...more });

/** SGLang with `--enable-metrics`. */
export const SGLANG: Adapter = {
  engine: 'sglang',
  recognise: /^sglang:/,
  replicaLabels: ['dp_rank'],
  deviceLabels: [],
  repeated: 'add',
  roles: {
    ...PROCESS_START,
    requests_running: [scheduler('num_running_reqs')],
    requests_waiting: [scheduler('num_queue_reqs')],
    kv_usage_ratio: [scheduler('token_usage')],
    max_num_seqs: [scheduler('max_running_requests'), scheduler('max_running_requests_under_SLO')],
    kv_hit_ratio: [scheduler('cache_hit_rate', { note: 'of the last batches; counters are preferred' })],
    spec_acceptance_ratio: [scheduler('spec_accept_rate', { note: 'reads 0 when speculation never ran' })],
    spec_acceptance_length: [scheduler('spec_accept_length', { note: 'reads 0 when speculation never ran' })],
    preemptions_total: [metric('sglang:num_retracted_requests', { where: FIRST_RANK })],
    prompt_tokens_total: [metric('sglang:prompt_tokens', { where: FIRST_RANK })],
    output_tokens_total: [metric('sglang:generation_tokens', { where: FIRST_RANK })],
    cached_tokens_total: [
      metric('sglang:cached_tokens', {
        where: { ...FIRST_RANK, cache_source: /^total$/ },
        note: 'holds its own total beside its sources',
      }),
      metric('sglang:cached_tokens', { where: FIRST_RANK, note: 'without the label total' }),
    ],
    requests_finished_total: [metric('sglang:num_requests', { where: FIRST_RANK })],
  },
  timed: {
    queue_seconds: [metric('sglang:queue_time_seconds', { where: FIRST_RANK })],
    ttft_seconds: [metric('sglang:time_to_first_token_seconds', { where: FIRST_RANK })],
    prefill_seconds: [
      metric('sglang:per_stage_req_latency_seconds', { where: { ...FIRST_RANK, stage: /^prefill(_forward)?$/ } }),
    ],
    request_seconds: [metric('sglang:e2e_request_latency_seconds', { where: FIRST_RANK })],
  },
};
