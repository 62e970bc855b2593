import type { LatencyEdges } from '../engine/statistics.js';
import { Exposition, type Labels } from './exposition.js';
import { renderOwn } from './own.js';
import { together, type MetricsView, type WorkerView } from './view.js';

export const DYNAMO_EDGES: LatencyEdges = {
  ttft: [0.0022, 0.0047, 0.01, 0.022, 0.047, 0.1, 0.22, 0.47, 1, 2.2, 4.7, 10, 22, 48, 100, 220, 480],
  tokenGap: [0.0019, 0.0035, 0.0067, 0.013, 0.024, 0.045, 0.084, 0.16, 0.3, 0.56, 1.1, 2],
  request: [0, 2, 4, 8, 16, 32, 64, 130, 260],
};

/** NVIDIA Dynamo: the front end's names, and each worker's component metrics on the same page. */
export function renderDynamo(view: MetricsView): string {
  const out = new Exposition();
  renderFrontend(out, view);
  renderComponents(out, view);
  renderOwn(out, view);
  return out.text();
}

function renderFrontend(out: Exposition, view: MetricsView): void {
  const labels = { model: view.model };
  const all = together(view);
  const { statistics } = all;
  const { frontEnd, waiting, running } = all.load();
  const kind = { ...labels, endpoint: 'chat_completions', request_type: 'stream' };
  const { stop, length, abort } = statistics.finished;
  out.counter('dynamo_frontend_requests', 'Total number of LLM requests processed', [
    [{ ...kind, status: 'success', error_type: '' }, stop + length],
    [{ ...kind, status: 'error', error_type: 'cancelled' }, abort],
  ]);
  const gauge = (name: string, help: string, value: number): void =>
    out.gauge(`dynamo_frontend_${name}`, help, [[labels, value]]);
  gauge('inflight_requests', 'Number of inflight requests', frontEnd + waiting + running);
  gauge('queued_requests', 'Number of requests in HTTP processing queue', frontEnd + waiting);
  out.counter('dynamo_frontend_output_tokens', 'Total number of output tokens', [
    [labels, statistics.generationTokens],
  ]);
  renderModel(gauge, view);
  const histograms = [
    ['request_duration_seconds', 'Duration of LLM requests', statistics.e2e],
    ['time_to_first_token_seconds', 'Time to first token in seconds', statistics.timeToFirstToken],
    ['inter_token_latency_seconds', 'Inter-token latency in seconds', statistics.interTokenLatency],
    ['input_sequence_tokens', 'Input sequence length in tokens', statistics.requestPromptTokens],
    ['output_sequence_tokens', 'Output sequence length in tokens', statistics.requestGenerationTokens],
    ['cached_tokens', 'Number of cached tokens per request', statistics.requestCachedTokens],
  ] as const;
  for (const [name, help, state] of histograms) out.histogram(`dynamo_frontend_${name}`, help, [[labels, state]]);
}

function renderModel(gauge: (name: string, help: string, value: number) => void, view: MetricsView): void {
  const [{ config }] = view.workers;
  gauge('model_max_num_seqs', 'Maximum number of sequences of a worker', config.maxNumSeqs);
  gauge('model_max_num_batched_tokens', 'Maximum number of batched tokens of a worker', config.maxNumBatchedTokens);
  gauge('model_total_kv_blocks', 'Total KV blocks of a worker', config.numBlocks);
  gauge('model_kv_cache_block_size', 'Tokens of a KV block', config.blockSize);
  gauge('model_context_length', 'Maximum context length', view.maxModelLen);
}

function renderComponents(out: Exposition, view: MetricsView): void {
  const labels = ({ index }: WorkerView): Labels => ({
    dynamo_namespace: 'dynamo',
    dynamo_component: 'backend',
    dynamo_endpoint: 'generate',
    worker_id: `${index + 1}`,
  });
  const gauge = (name: string, help: string, value: (worker: WorkerView) => number): void =>
    out.gauge(
      `dynamo_component_${name}`,
      help,
      view.workers.map((worker) => [labels(worker), value(worker)]),
    );
  gauge('inflight_requests', 'Requests in a worker', ({ load }) => load.frontEnd + load.waiting + load.running);
  gauge('gpu_cache_usage_percent', 'KV cache in use, 0 to 1', ({ load }) => load.kvUsage);
  gauge('total_blocks', 'KV blocks of a worker', ({ config }) => config.numBlocks);
  gauge('uptime_seconds', 'Time since the start', () => view.now - view.startedAt);
  out.counter(
    'dynamo_component_requests',
    'Requests that a worker completed',
    view.workers.map((worker) => {
      const { stop, length } = worker.statistics.finished;
      return [labels(worker), stop + length];
    }),
  );
}
