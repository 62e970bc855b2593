import type { EngineStatistics } from '../engine/statistics.js';
import { Exposition, type Labels } from './exposition.js';
import { renderOwn } from './own.js';
import { together, type MetricsView, type WorkerView } from './view.js';

/** TensorRT-LLM's `/prometheus/metrics`. It knows one engine: several workers are shown as one. */
export function renderTrtllm(view: MetricsView): string {
  const out = new Exposition();
  const labels = { model_name: view.model, engine_type: 'pytorch' };
  const all = together(view);
  renderRequests(out, labels, all.statistics);
  renderCache(out, labels, view);
  const { running, waiting } = all.load();
  out.gauge('trtllm_num_requests_running', 'Number of requests running.', [[labels, running]]);
  out.gauge('trtllm_num_requests_waiting', 'Number of requests waiting.', [[labels, waiting]]);
  const slots = view.workers.reduce((sum, { config }) => sum + config.maxNumSeqs, 0);
  out.gauge('trtllm_max_num_active_requests', 'Most requests that run at once.', [[labels, slots]]);
  if (view.workers.some(({ config }) => config.speculation !== null)) renderSpeculation(out, labels, all.statistics);
  renderOwn(out, view);
  return out.text();
}

/** What `trtllm-serve` answers on `/metrics`: a JSON array of iteration statistics, here the newest of each worker. */
export function renderTrtllmJson(view: MetricsView): string {
  return JSON.stringify(view.workers.map((worker) => iterationOf(worker, view.now)));
}

function renderRequests(out: Exposition, labels: Labels, statistics: EngineStatistics): void {
  out.counter(
    'trtllm_request_success',
    'Count of successfully processed requests.',
    (['stop', 'length'] as const).map((reason) => [
      { ...labels, finished_reason: reason },
      statistics.finished[reason],
    ]),
  );
  const counters: [name: string, help: string, value: number][] = [
    ['prompt_tokens', 'Prompt tokens processed.', statistics.promptTokens],
    ['prompt_cached_tokens', 'Prompt tokens found in the KV cache.', statistics.cachedPromptTokens],
    ['generation_tokens', 'Tokens generated.', statistics.generationTokens],
  ];
  for (const [name, help, value] of counters) out.counter(`trtllm_${name}`, help, [[labels, value]]);
  const histograms = [
    ['e2e_request_latency_seconds', 'Histogram of end to end request latency in seconds.', statistics.e2e],
    ['time_to_first_token_seconds', 'Histogram of time to first token in seconds.', statistics.timeToFirstToken],
    ['time_per_output_token_seconds', 'Histogram of time per output token in seconds.', statistics.timePerOutputToken],
    ['request_queue_time_seconds', 'Histogram of time spent in WAITING phase for request.', statistics.queueTime],
    ['request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase.', statistics.prefillTime],
    ['request_decode_time_seconds', 'Histogram of time spent in DECODE phase.', statistics.decodeTime],
    ['request_inference_time_seconds', 'Histogram of time spent in RUNNING phase.', statistics.inferenceTime],
  ] as const;
  for (const [name, help, state] of histograms) out.histogram(`trtllm_${name}`, help, [[labels, state]]);
}

function renderCache(out: Exposition, labels: Labels, view: MetricsView): void {
  const blocks = view.workers.map(blocksOf);
  const sum = (pick: (worker: Blocks) => number): number => blocks.reduce((total, worker) => total + pick(worker), 0);
  const [most, used] = [sum(({ max }) => max), sum((worker) => worker.used)];
  const [reused, missed] = [sum((worker) => worker.reused), sum((worker) => worker.missed)];
  out.gauge('trtllm_kv_cache_max_blocks', 'Blocks of the KV cache.', [[labels, most]]);
  out.gauge('trtllm_kv_cache_used_blocks', 'Blocks in use.', [[labels, used]]);
  out.gauge('trtllm_kv_cache_free_blocks', 'Blocks not in use.', [[labels, most - used]]);
  out.gauge('trtllm_kv_cache_utilization', 'Share of the blocks in use, 0 to 1.', [[labels, used / most]]);
  out.counter('trtllm_kv_cache_reused_blocks', 'Blocks found in the cache.', [[labels, reused]]);
  out.counter('trtllm_kv_cache_missed_blocks', 'Blocks not found in the cache.', [[labels, missed]]);
  if (reused + missed === 0) return;
  out.gauge('trtllm_kv_cache_hit_rate', 'Reused blocks of all asked for.', [[labels, reused / (reused + missed)]]);
}

function renderSpeculation(out: Exposition, labels: Labels, { speculation }: EngineStatistics): void {
  const { drafts, draftTokens, acceptedTokens } = speculation;
  out.counter('trtllm_spec_decode_num_draft_tokens', 'Drafted tokens.', [[labels, draftTokens]]);
  out.counter('trtllm_spec_decode_num_accepted_tokens', 'Accepted drafts.', [[labels, acceptedTokens]]);
  if (drafts === 0) return;
  out.gauge('trtllm_spec_decode_acceptance_length', 'Tokens of a step.', [[labels, 1 + acceptedTokens / drafts]]);
}

interface Blocks {
  max: number;
  used: number;
  reused: number;
  missed: number;
}

function blocksOf({ config, load, statistics }: WorkerView): Blocks {
  const { prefixCacheHits, prefixCacheQueries } = statistics;
  return {
    max: config.numBlocks,
    used: Math.round(load.kvUsage * config.numBlocks),
    reused: Math.round(prefixCacheHits / config.blockSize),
    missed: Math.ceil((prefixCacheQueries - prefixCacheHits) / config.blockSize),
  };
}

function iterationOf(worker: WorkerView, now: number): object {
  const { load, config, statistics, sample } = worker;
  const { max, used, reused, missed } = blocksOf(worker);
  const stepMs = sample === null || sample.steps === 0 ? null : (1000 * sample.busySeconds) / sample.steps;
  return {
    iter: statistics.work.steps,
    iterLatencyMS: stepMs,
    maxNumActiveRequests: config.maxNumSeqs,
    numActiveRequests: load.running,
    numQueuedRequests: load.waiting,
    inflightBatchingStats: { numScheduledRequests: load.running, numPausedRequests: 0 },
    kvCacheStats: {
      maxNumBlocks: max,
      usedNumBlocks: used,
      freeNumBlocks: max - used,
      tokensPerBlock: config.blockSize,
      reusedBlocks: reused,
      missedBlocks: missed,
      cacheHitRate: reused + missed === 0 ? null : reused / (reused + missed),
    },
    timestamp: new Date(now * 1000).toISOString(),
  };
}
