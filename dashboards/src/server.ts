import { buildDashboard, type Section } from './kit/build.js';
import { graph, number } from './kit/panels.js';
import type { Target } from './kit/targets.js';
import { choiceVariable, datasourceVariable, labelVariable } from './kit/variables.js';
import { SPREAD_COLORS } from './queries.js';
import * as engine from './engine-metrics.js';
import { SERVER } from '../../provisioning/src/rules/dashboard-uids.js';

/** SGLang shows some gauges once a rank: the first one stands for all. Engines without ranks match as well. */
const FIRST_RANK = 'tp_rank=~"0|", pp_rank=~"0|"';

/** The metric that an engine has for this, whichever it is called; limited to the engines that are chosen. */
function anyOf(names: readonly string[], matchers = ''): string {
  const more = matchers === '' ? '' : `, ${matchers}`;
  return `{__name__=~"${names.join('|')}", __name__=~"$engine.*", job=~"$job", instance=~"$server"${more}}`;
}

const rateOf = (names: readonly string[], matchers = ''): string => `rate(${anyOf(names, matchers)}[$__rate_interval])`;
const byServer = (expr: string): string => `sum by (instance) (${expr})`;

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
      targets: [{ expr: `sum(${anyOf(engine.RUNNING, FIRST_RANK)})` }],
    }),
    number({
      title: 'Waiting',
      description: 'Requests in their queues. Above 0 for long: the servers are full.',
      unit: 'none',
      targets: [{ expr: `sum(${anyOf(engine.WAITING, FIRST_RANK)})` }],
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
      targets: [{ expr: `max(${anyOf(engine.KV, FIRST_RANK)})` }],
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
      targets: [{ expr: quantile(0.95, engine.TTFT) }],
    }),
    number({
      title: 'Output',
      description: 'Tokens generated per second by all servers chosen.',
      unit: 'suffix: tok/s',
      decimals: 0,
      targets: [{ expr: `sum(${rateOf(engine.OUTPUT)})` }],
    }),
    number({
      title: 'Prompt',
      description: 'Prompt tokens per second, cached ones included.',
      unit: 'suffix: tok/s',
      decimals: 0,
      targets: [{ expr: `sum(${rateOf(engine.PROMPT)})` }],
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
      targets: spread(engine.TTFT),
      colors: SPREAD_COLORS,
    }),
    graph({
      title: 'ITL',
      description:
        'Gap between output events. With speculative decoding an event holds several tokens. TensorRT-LLM: TPOT.',
      unit: 's',
      targets: spread(engine.ITL),
      colors: SPREAD_COLORS,
    }),
    graph({
      title: 'End-to-end latency',
      description: 'From arrival to the last token.',
      unit: 's',
      targets: spread(engine.E2E),
      colors: SPREAD_COLORS,
    }),
    graph({
      title: 'Mean wait in the queue',
      description:
        'Sum over count: the buckets of engines begin at 0.3 s, so that quantiles of short waits say nothing.',
      unit: 's',
      targets: [{ expr: mean(engine.QUEUE), legend: '{{instance}}' }],
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
      targets: [{ expr: byServer(anyOf(engine.RUNNING, FIRST_RANK)), legend: '{{instance}}' }],
    }),
    graph({
      title: 'Waiting',
      description: 'Requests in the queue by server. Dynamo: in the router.',
      unit: 'none',
      w: 8,
      targets: [{ expr: byServer(anyOf(engine.WAITING, FIRST_RANK)), legend: '{{instance}}' }],
    }),
    graph({
      title: 'Preemptions',
      description: 'Requests per second that lost their KV blocks and were computed again. SGLang: retractions.',
      unit: 'reqps',
      w: 8,
      targets: [{ expr: byServer(rateOf(engine.PREEMPTED)), legend: '{{instance}}' }],
      colors: {},
    }),
    graph({
      title: 'KV cache in use',
      description: 'Share of the KV blocks that requests hold.',
      unit: 'percentunit',
      max: 1,
      w: 8,
      targets: [{ expr: `max by (instance) (${anyOf(engine.KV, FIRST_RANK)})`, legend: '{{instance}}' }],
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
          expr: `${byServer(rateOf(engine.CACHED, 'cache_source=~"total|"'))} / (${byServer(rateOf(engine.PROMPT))} > 0)`,
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
        {
          expr: `max(${anyOf(engine.RUNNING, FIRST_RANK)}) - min(${anyOf(engine.RUNNING, FIRST_RANK)})`,
          legend: 'max − min',
        },
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
        { expr: `sum(${rateOf(engine.PROMPT)})`, legend: 'prompt' },
        { expr: `sum(${rateOf(engine.OUTPUT)})`, legend: 'output' },
      ],
      colors: { prompt: 'p99', output: 'p50' },
    }),
    graph({
      title: 'Requests by end',
      description: 'Requests that ended per second, by reason. vLLM counts aborted ones here as well.',
      unit: 'reqps',
      w: 8,
      stacked: true,
      targets: [{ expr: `sum by (finished_reason) (${rateOf(engine.FINISHED)})`, legend: '{{finished_reason}}' }],
    }),
    graph({
      title: 'Drafts accepted',
      description:
        'Share of the drafted tokens that speculative decoding could use. Below 0.2 it costs more than it brings.',
      unit: 'percentunit',
      max: 1,
      w: 8,
      targets: [
        {
          expr: `${byServer(rateOf(engine.ACCEPTED))} / (${byServer(rateOf(engine.DRAFTED))} > 0)`,
          legend: '{{instance}}',
        },
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
          expr: `sum(${rateOf(suffixed(engine.TTFT, 'sum'))}) / (sum(${rateOf(suffixed(engine.TTFT, 'count'))}) > 0)`,
          legend: 'server',
        },
      ],
      colors: { client: 'p95', server: 'p50' },
    }),
  ],
};

const NAMED = `{__name__=~"${engine.RUNNING.join('|')}"}`;

/** The inference server by its own metrics, whichever engine it is. */
export function serverDashboard(): object {
  return buildDashboard({
    uid: SERVER,
    title: 'Sweepscope: inference server',
    description:
      'vLLM, SGLang, TensorRT-LLM, Dynamo and llama.cpp by their own metrics, where Prometheus scrapes them.',
    variables: [
      datasourceVariable(),
      choiceVariable('engine', 'Engine', engine.ENGINES),
      labelVariable('job', 'Job', `label_values(${NAMED}, job)`),
      labelVariable('server', 'Server', `label_values(${NAMED.replace('}', ', job=~"$job"}')}, instance)`),
    ],
    from: 'now-30m',
    refresh: '5s',
    sections: [NOW, LATENCY, CAPACITY, WORK],
  });
}
