import type { LatencyEdges } from '../engine/statistics.js';
import { Exposition, type Labels, type Sample } from './exposition.js';
import { renderOwn } from './own.js';
import { together, type MetricsView, type WorkerView } from './view.js';

export const SGLANG_EDGES: LatencyEdges = {
  ttft: [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400],
  tokenGap: [
    0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2,
    4, 6, 8,
  ],
  request: [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400, 600, 1200, 1800, 2400],
};

/** SGLang's names: gauges of each scheduler (a worker is a `dp_rank`), counters and histograms of the whole server. */
export function renderSglang(view: MetricsView): string {
  const out = new Exposition();
  renderSchedulers(out, view);
  renderServer(out, view);
  renderOwn(out, view);
  return out.text();
}

function renderSchedulers(out: Exposition, view: MetricsView): void {
  const several = view.workers.length > 1;
  const labels = ({ index }: WorkerView): Labels => ({
    model_name: view.model,
    engine_type: 'unified',
    tp_rank: '0',
    pp_rank: '0',
    moe_ep_rank: '0',
    ...(several ? { dp_rank: `${index}` } : {}),
  });
  const gauge = (name: string, help: string, value: (worker: WorkerView) => number): void => {
    const samples = view.workers.map((worker): Sample => [labels(worker), value(worker)]);
    out.gauge(
      `sglang:${name}`,
      help,
      samples.filter(([, figure]) => !Number.isNaN(figure)),
    );
  };
  const capacity = ({ config }: WorkerView): number => config.numBlocks * config.blockSize;
  const used = (worker: WorkerView): number => Math.round(worker.load.kvUsage * capacity(worker));
  gauge('num_running_reqs', 'The number of running requests.', ({ load }) => load.running);
  gauge('num_queue_reqs', 'The number of requests in the waiting queue.', ({ load }) => load.waiting);
  gauge('num_used_tokens', 'The number of used tokens.', used);
  gauge('token_usage', 'The token usage.', ({ load }) => load.kvUsage);
  gauge('max_total_num_tokens', 'Maximum total number of tokens in the KV cache pool.', capacity);
  gauge('kv_used_tokens', 'Tokens of the KV cache in use.', used);
  gauge('kv_available_tokens', 'Tokens of the KV cache not in use.', (worker) => capacity(worker) - used(worker));
  gauge('cache_hit_rate', 'The prefix cache hit rate.', ({ sample }) =>
    sample === null || sample.promptTokens === 0 ? NaN : sample.cachedPromptTokens / sample.promptTokens,
  );
  gauge('gen_throughput', 'The generation throughput (token/s).', ({ sample }) =>
    sample === null ? NaN : sample.generationTokens / sample.seconds,
  );
  gauge('spec_accept_length', 'The average acceptance length of speculative decoding.', ({ sample }) =>
    sample === null || sample.drafts === 0 ? 0 : 1 + sample.acceptedTokens / sample.drafts,
  );
  gauge('spec_accept_rate', 'The average acceptance rate of speculative decoding.', ({ sample }) =>
    sample === null || sample.draftTokens === 0 ? 0 : sample.acceptedTokens / sample.draftTokens,
  );
}

function renderServer(out: Exposition, view: MetricsView): void {
  const labels = { model_name: view.model };
  const { statistics } = together(view);
  const { stop, length, abort } = statistics.finished;
  const counter = (name: string, help: string, value: number): void =>
    out.counter(`sglang:${name}`, help, [[labels, value]]);
  counter('prompt_tokens', 'Number of prefill tokens processed.', statistics.promptTokens);
  counter('generation_tokens', 'Number of generation tokens processed.', statistics.generationTokens);
  out.counter(
    'sglang:cached_tokens',
    'Number of cached prompt tokens.',
    ['device', 'total'].map((source) => [{ ...labels, cache_source: source }, statistics.cachedPromptTokens]),
  );
  counter('num_requests', 'Number of requests processed.', stop + length);
  counter('num_aborted_requests', 'Number of requests aborted.', abort);
  counter('num_retracted_requests', 'Number of requests retracted.', statistics.preemptions);
  const histograms = [
    ['time_to_first_token_seconds', 'Histogram of time to first token in seconds.', statistics.timeToFirstToken],
    ['inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', statistics.interTokenLatency],
    ['e2e_request_latency_seconds', 'Histogram of End-to-end request latency in seconds', statistics.e2e],
    ['queue_time_seconds', 'Histogram of queueing time in seconds.', statistics.queueTime],
  ] as const;
  for (const [name, help, state] of histograms) out.histogram(`sglang:${name}`, help, [[labels, state]]);
}
