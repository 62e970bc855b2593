/** What each engine calls the same thing; counters with `_total`, histograms without suffix. */
/** How each engine's names begin. */
export const ENGINES = {
  vLLM: 'vllm:',
  SGLang: 'sglang:',
  'TensorRT-LLM': 'trtllm_',
  Dynamo: 'dynamo_',
  'llama.cpp': 'llamacpp:',
};

export const TTFT = ['vllm:', 'sglang:', 'trtllm_', 'dynamo_frontend_'].map(
  (prefix) => `${prefix}time_to_first_token_seconds`,
);
export const ITL = [
  'vllm:inter_token_latency_seconds',
  'sglang:inter_token_latency_seconds',
  'trtllm_time_per_output_token_seconds',
  'dynamo_frontend_inter_token_latency_seconds',
];
export const E2E = [
  'vllm:e2e_request_latency_seconds',
  'sglang:e2e_request_latency_seconds',
  'trtllm_e2e_request_latency_seconds',
  'dynamo_frontend_request_duration_seconds',
];
export const QUEUE = [
  'vllm:request_queue_time_seconds',
  'sglang:queue_time_seconds',
  'trtllm_request_queue_time_seconds',
];
export const OUTPUT = [
  'vllm:generation_tokens_total',
  'sglang:generation_tokens_total',
  'trtllm_generation_tokens_total',
  'dynamo_frontend_output_tokens_total',
  'llamacpp:tokens_predicted_total',
];
export const PROMPT = [
  'vllm:prompt_tokens_total',
  'sglang:prompt_tokens_total',
  'trtllm_prompt_tokens_total',
  'dynamo_frontend_input_sequence_tokens_sum',
  'llamacpp:prompt_tokens_total',
];
export const CACHED = [
  'vllm:prompt_tokens_cached_total',
  'sglang:cached_tokens_total',
  'trtllm_prompt_cached_tokens_total',
  'dynamo_frontend_cached_tokens_sum',
  'llamacpp:prompt_tokens_cached_total',
];
export const RUNNING = [
  'vllm:num_requests_running',
  'sglang:num_running_reqs',
  'trtllm_num_requests_running',
  'dynamo_component_inflight_requests',
  'llamacpp:requests_processing',
];
export const WAITING = [
  'vllm:num_requests_waiting',
  'sglang:num_queue_reqs',
  'trtllm_num_requests_waiting',
  'dynamo_frontend_router_queue_pending_requests',
  'llamacpp:requests_deferred',
];
export const KV = [
  'vllm:kv_cache_usage_perc',
  'sglang:token_usage',
  'trtllm_kv_cache_utilization',
  'dynamo_component_gpu_cache_usage_percent',
];
export const ACCEPTED = [
  'vllm:spec_decode_num_accepted_tokens_total',
  'trtllm_spec_decode_num_accepted_tokens_total',
  'llamacpp:spec_decode_num_accepted_tokens_total',
];
export const DRAFTED = [
  'vllm:spec_decode_num_draft_tokens_total',
  'trtllm_spec_decode_num_draft_tokens_total',
  'llamacpp:spec_decode_num_draft_tokens_total',
];
export const FINISHED = [
  'vllm:request_success_total',
  'sglang:num_requests_total',
  'trtllm_request_success_total',
  'dynamo_frontend_requests_total',
];
export const PREEMPTED = ['vllm:num_preemptions_total', 'sglang:num_retracted_requests_total'];
