import { buildDashboard, type Section } from './kit/build.js';
import { graph, number } from './kit/panels.js';
import type { Target } from './kit/targets.js';
import { choiceVariable, datasourceVariable, labelVariable } from './kit/variables.js';
import { SPREAD_COLORS } from './queries.js';
import { SERVER } from '../../provisioning/src/rules/dashboard-uids.js';

/** How each engine's names begin. */
const ENGINES = {
  vLLM: 'vllm:',
  SGLang: 'sglang:',
  'TensorRT-LLM': 'trtllm_',
  Dynamo: 'dynamo_',
  'llama.cpp': 'llamacpp:',
};

/** SGLang shows some gauges once a rank: the first one stands for all. Engines without ranks match as well. */
const FIRST_RANK = 'tp_rank=~"0|", pp_rank=~"0|"';

/** The metric that an engine has for this, whichever it is called; limited to the engines that are chosen. */
function anyOf(names: readonly string[], matchers = ''): string {
  const more = matchers === '' ? '' : `, ${matchers}`;
  return `{__name__=~"${names.join('|')}", __name__=~"$engine.*", job=~"$job", instance=~"$server"${more}}`;
}

const rateOf = (names: readonly string[], matchers = ''): string => `rate(${anyOf(names, matchers)}[$__rate_interval])`;
const byServer = (expr: string): string => `sum by (instance) (${expr})`;

const TTFT = ['vllm:', 'sglang:', 'trtllm_', 'dynamo_frontend_'].map(
  (prefix) => `${prefix}time_to_first_token_seconds`,
);
const ITL = [
  'vllm:inter_token_latency_seconds',
  'sglang:inter_token_latency_seconds',
  'trtllm_time_per_output_token_seconds',
  'dynamo_frontend_inter_token_latency_seconds',
];
const E2E = [
  'vllm:e2e_request_latency_seconds',
  'sglang:e2e_request_latency_seconds',
  'trtllm_e2e_request_latency_seconds',
  'dynamo_frontend_request_duration_seconds',
];
const QUEUE = ['vllm:request_queue_time_seconds', 'sglang:queue_time_seconds', 'trtllm_request_queue_time_seconds'];
const OUTPUT = [
  'vllm:generation_tokens_total',
  'sglang:generation_tokens_total',
  'trtllm_generation_tokens_total',
  'dynamo_frontend_output_tokens_total',
  'llamacpp:tokens_predicted_total',
];
const PROMPT = [
  'vllm:prompt_tokens_total',
  'sglang:prompt_tokens_total',
  'trtllm_prompt_tokens_total',
  'dynamo_frontend_input_sequence_tokens_sum',
  'llamacpp:prompt_tokens_total',
];
const CACHED = [
  'vllm:prompt_tokens_cached_total',
  'sglang:cached_tokens_total',
  'trtllm_prompt_cached_tokens_total',
  'dynamo_frontend_cached_tokens_sum',
  'llamacpp:prompt_tokens_cached_total',
];
const RUNNING = [
  'vllm:num_requests_running',
  'sglang:num_running_reqs',
  'trtllm_num_requests_running',
  'dynamo_component_inflight_requests',
  'llamacpp:requests_processing',
];
const WAITING = [
  'vllm:num_requests_waiting',
  'sglang:num_queue_reqs',
  'trtllm_num_requests_waiting',
  'dynamo_frontend_router_queue_pending_requests',
  'llamacpp:requests_deferred',
];
const KV = [
  'vllm:kv_cache_usage_perc',
  'sglang:token_usage',
  'trtllm_kv_cache_utilization',
  'dynamo_component_gpu_cache_usage_percent',
];
const ACCEPTED = [
  'vllm:spec_decode_num_accepted_tokens_total',
  'trtllm_spec_decode_num_accepted_tokens_total',
  'llamacpp:spec_decode_num_accepted_tokens_total',
];
const DRAFTED = [
  'vllm:spec_decode_num_draft_tokens_total',
  'trtllm_spec_decode_num_draft_tokens_total',
  'llamacpp:spec_decode_num_draft_tokens_total',
];
const FINISHED = [
  'vllm:request_success_total',
  'sglang:num_requests_total',
  'trtllm_request_success_total',
  'dynamo_frontend_requests_total',
];
const PREEMPTED = ['vllm:num_preemptions_total', 'sglang:num_retracted_requests_total'];

const suffixed = (names: readonly string[], suffix: string): string[] => names.map((name) => `${name}_${suffix}`);

const quantile = (q: number, names: readonly string[]): string =>
  `histogram_quantile(${q}, sum by (le) (${rateOf(suffixed(names, 'bucket'))}))`;

const spread = (names: readonly string[]): Target[] =>
  [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, names), legend: `p${q * 100}` }));

const mean = (names: readonly string[]): string =>
  `${byServer(rateOf(suffixed(names, 'sum')))} / (${byServer(rateOf(suffixed(names, 'count')))} > 0)`;

const NOW: Section = {
  panels: [
    number({
      title: 'Running',
      description: 'Requests in the batches of all servers chosen.',
      unit: 'none',
      targets: [{ expr: `sum(${anyOf(RUNNING, FIRST_RANK)})` }],
    }),
    number({
      title: 'Waiting',
      description: 'Requests in their queues. Above 0 for long: the servers are full.',
      unit: 'none',
      targets: [{ expr: `sum(${anyOf(WAITING, FIRST_RANK)})` }],
      steps: [
        [null, 'good'],
        [1, 'warn'],
        [10, 'bad'],
      ],
    }),
    number({
      title: 'KV cache',
      description: 'The fullest KV cache. Above 90 % requests are preempted soon.',
      unit: 'percentunit',
      decimals: 0,
      targets: [{ expr: `max(${anyOf(KV, FIRST_RANK)})` }],
      steps: [
        [null, 'good'],
        [0.8, 'warn'],
        [0.9, 'bad'],
      ],
    }),
    number({
      title: 'TTFT p95',
      description: "By the server's own histogram: without network and proxies, all clients together.",
      unit: 's',
      targets: [{ expr: quantile(0.95, TTFT) }],
    }),
    number({
      title: 'Output',
      description: 'Tokens generated per second by all servers chosen.',
      unit: 'suffix: tok/s',
      decimals: 0,
      targets: [{ expr: `sum(${rateOf(OUTPUT)})` }],
    }),
    number({
      title: 'Prompt',
      description: 'Prompt tokens per second, cached ones included.',
      unit: 'suffix: tok/s',
      decimals: 0,
      targets: [{ expr: `sum(${rateOf(PROMPT)})` }],
    }),
  ],
};

const LATENCY: Section = {
  title: 'Latency as the server counts it',
  panels: [
    graph({
      title: 'TTFT',
      description:
        'From arrival in the server to the first token: tokenising, queue and prefill. The client adds the network.',
      unit: 's',
      targets: spread(TTFT),
      colors: SPREAD_COLORS,
    }),
    graph({
      title: 'ITL',
      description:
        'Gap between output events. With speculative decoding an event holds several tokens. TensorRT-LLM: TPOT.',
      unit: 's',
      targets: spread(ITL),
      colors: SPREAD_COLORS,
    }),
    graph({
      title: 'End-to-end latency',
      description: 'From arrival to the last token.',
      unit: 's',
      targets: spread(E2E),
      colors: SPREAD_COLORS,
    }),
    graph({
      title: 'Mean wait in the queue',
      description:
        'Sum over count: the buckets of engines begin at 0.3 s, so that quantiles of short waits say nothing.',
      unit: 's',
      targets: [{ expr: mean(QUEUE), legend: '{{instance}}' }],
    }),
  ],
};

const CAPACITY: Section = {
  title: 'Scheduler and cache',
  panels: [
    graph({
      title: 'Running',
      description: 'Requests in the batch by server. Flat at its highest with requests waiting: the slot limit.',
      unit: 'none',
      w: 8,
      targets: [{ expr: byServer(anyOf(RUNNING, FIRST_RANK)), legend: '{{instance}}' }],
    }),
    graph({
      title: 'Waiting',
      description: 'Requests in the queue by server. Dynamo: in the router.',
      unit: 'none',
      w: 8,
      targets: [{ expr: byServer(anyOf(WAITING, FIRST_RANK)), legend: '{{instance}}' }],
    }),
    graph({
      title: 'Preemptions',
      description: 'Requests per second that lost their KV blocks and were computed again. SGLang: retractions.',
      unit: 'reqps',
      w: 8,
      targets: [{ expr: byServer(rateOf(PREEMPTED)), legend: '{{instance}}' }],
      colors: {},
    }),
    graph({
      title: 'KV cache in use',
      description: 'Share of the KV blocks that requests hold.',
      unit: 'percentunit',
      max: 1,
      w: 8,
      targets: [{ expr: `max by (instance) (${anyOf(KV, FIRST_RANK)})`, legend: '{{instance}}' }],
    }),
    graph({
      title: 'Prefix-cache hits',
      description:
        'Share of the prompt tokens that were not computed again. Salted sweeps should show what their design expects.',
      unit: 'percentunit',
      max: 1,
      w: 8,
      targets: [
        {
          expr: `${byServer(rateOf(CACHED, 'cache_source=~"total|"'))} / (${byServer(rateOf(PROMPT))} > 0)`,
          legend: '{{instance}}',
        },
      ],
    }),
    graph({
      title: 'Imbalance of workers',
      description:
        'Busiest minus idlest worker, in running requests. A router that keeps prefixes together is never at 0.',
      unit: 'none',
      w: 8,
      targets: [
        { expr: `max(${anyOf(RUNNING, FIRST_RANK)}) - min(${anyOf(RUNNING, FIRST_RANK)})`, legend: 'max − min' },
      ],
    }),
  ],
};

const WORK: Section = {
  title: 'Work',
  panels: [
    graph({
      title: 'Tokens per second',
      description: 'Prompt and output tokens. Prompts that grow push first tokens back.',
      unit: 'suffix: tok/s',
      w: 8,
      targets: [
        { expr: `sum(${rateOf(PROMPT)})`, legend: 'prompt' },
        { expr: `sum(${rateOf(OUTPUT)})`, legend: 'output' },
      ],
      colors: { prompt: 'p99', output: 'p50' },
    }),
    graph({
      title: 'Requests by end',
      description: 'Requests that ended per second, by reason. vLLM counts aborted ones here as well.',
      unit: 'reqps',
      w: 8,
      stacked: true,
      targets: [{ expr: `sum by (finished_reason) (${rateOf(FINISHED)})`, legend: '{{finished_reason}}' }],
    }),
    graph({
      title: 'Drafts accepted',
      description:
        'Share of the drafted tokens that speculative decoding could use. Below 0.2 it costs more than it brings.',
      unit: 'percentunit',
      max: 1,
      w: 8,
      targets: [
        { expr: `${byServer(rateOf(ACCEPTED))} / (${byServer(rateOf(DRAFTED))} > 0)`, legend: '{{instance}}' },
        { expr: `avg by (instance) (${anyOf(['sglang:spec_accept_rate'])})`, legend: '{{instance}}' },
      ],
    }),
    graph({
      title: 'Client and server TTFT',
      description:
        'Mean TTFT as Sweepscope measures it and as the server counts it. The gap is network, proxies and client.',
      unit: 's',
      w: 24,
      targets: [
        {
          expr: 'sum(rate(loadgen_time_to_first_token_seconds_sum[$__rate_interval])) / (sum(rate(loadgen_time_to_first_token_seconds_count[$__rate_interval])) > 0)',
          legend: 'client',
        },
        {
          expr: `sum(${rateOf(suffixed(TTFT, 'sum'))}) / (sum(${rateOf(suffixed(TTFT, 'count'))}) > 0)`,
          legend: 'server',
        },
      ],
      colors: { client: 'p95', server: 'p50' },
    }),
  ],
};

const NAMED = `{__name__=~"${RUNNING.join('|')}"}`;

/** The inference server by its own metrics, whichever engine it is. */
export function serverDashboard(): object {
  return buildDashboard({
    uid: SERVER,
    title: 'Sweepscope: inference server',
    description:
      'vLLM, SGLang, TensorRT-LLM, Dynamo and llama.cpp by their own metrics, where Prometheus scrapes them.',
    variables: [
      datasourceVariable(),
      choiceVariable('engine', 'Engine', ENGINES),
      labelVariable('job', 'Job', `label_values(${NAMED}, job)`),
      labelVariable('server', 'Server', `label_values(${NAMED.replace('}', ', job=~"$job"}')}, instance)`),
    ],
    from: 'now-30m',
    refresh: '5s',
    sections: [NOW, LATENCY, CAPACITY, WORK],
  });
}
