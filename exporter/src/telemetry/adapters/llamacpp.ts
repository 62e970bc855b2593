import { metric, PROCESS_START, sumOf, type Adapter } from './types.js';

/** llama.cpp's server with `--metrics`: no labels, no histograms, and prompt tokens without the cached ones. */
export const LLAMACPP: Adapter = {
  engine: 'llamacpp',
  recognise: /^llamacpp:/,
  replicaLabels: [],
  deviceLabels: [],
  repeated: 'add',
  roles: {
    ...PROCESS_START,
    requests_running: [metric('llamacpp:requests_processing')],
    requests_waiting: [metric('llamacpp:requests_deferred')],
    kv_usage_ratio: [metric('llamacpp:kv_cache_usage_ratio', { note: 'removed in 2025' })],
    cached_tokens_total: [metric('llamacpp:prompt_tokens_cached', { note: 'from b10519 on' })],
    prompt_tokens_total: [
      sumOf(['llamacpp:prompt_tokens', 'llamacpp:prompt_tokens_cached'], { note: 'computed and cached' }),
      metric('llamacpp:prompt_tokens', { note: 'computed ones only' }),
    ],
    output_tokens_total: [metric('llamacpp:tokens_predicted')],
    spec_drafts_total: [metric('llamacpp:spec_decode_num_drafts', { note: 'from b10519 on' })],
    spec_draft_tokens_total: [metric('llamacpp:spec_decode_num_draft_tokens')],
    spec_accepted_tokens_total: [metric('llamacpp:spec_decode_num_accepted_tokens')],
  },
  timed: {},
};
