import type { EngineStatistics, HistogramState } from '../engine/statistics.js';
import { Exposition, type HistogramSeries, type Labels, type Sample } from './exposition.js';
import { renderOwn } from './own.js';
import type { MetricsView, WorkerView } from './view.js';

/** Samples of one family: one or more of each worker. */
type Families = (value: (worker: WorkerView) => number, extra?: Labels) => Sample[];

/**
 * The server's metrics under vLLM 0.32's names, with its types, labels and bucket edges; a worker is an `engine`.
 * `buckets` false: histograms are their sum and count only, nine tenths of the page less.
 */
export function renderVllm(view: MetricsView, buckets = true): string {
  const out = new Exposition(view.startedAt, buckets);
  const labels = ({ index }: WorkerView): Labels => ({ engine: `${index}`, model_name: view.model });
  const all: Families = (value, extra = {}) =>
    view.workers.map((worker) => [{ ...labels(worker), ...extra }, value(worker)]);
  renderGauges(out, all, view, labels);
  renderCounters(out, all);
  renderPromptCounters(out, all);
  if (view.workers.some(({ config }) => config.speculation !== null)) renderSpeculation(out, all, view);
  renderHistograms(out, (pick) => view.workers.map((worker) => [labels(worker), pick(worker.statistics)]));
  renderOwn(out, view);
  return out.text();
}

function renderGauges(out: Exposition, all: Families, view: MetricsView, labels: (worker: WorkerView) => Labels): void {
  out.gauge(
    'vllm:num_requests_running',
    'Number of requests in model execution batches.',
    all(({ load }) => load.running),
  );
  out.gauge(
    'vllm:num_requests_waiting',
    'Number of requests waiting to be processed.',
    all(({ load }) => load.waiting),
  );
  out.gauge('vllm:num_requests_waiting_by_reason', 'Number of waiting requests by reason.', [
    ...all(({ load }) => load.waiting, { reason: 'capacity' }),
    ...all(() => 0, { reason: 'deferred' }),
  ]);
  out.gauge('vllm:engine_sleep_state', 'Engine sleep state; awake = 0 means engine is sleeping.', [
    ...all(() => 1, { sleep_state: 'awake' }),
    ...all(() => 0, { sleep_state: 'weights_offloaded' }),
    ...all(() => 0, { sleep_state: 'discard_all' }),
  ]);
  out.gauge(
    'vllm:kv_cache_usage_perc',
    'KV-cache usage. 1 means 100 percent usage.',
    all(({ load }) => load.kvUsage),
  );
  out.gauge(
    'vllm:cache_config_info',
    'Information of the LLMEngine CacheConfig',
    view.workers.map((worker): Sample => {
      const { blockSize, numBlocks, enablePrefixCaching } = worker.config;
      const info = {
        block_size: `${blockSize}`,
        cache_dtype: 'auto',
        enable_prefix_caching: enablePrefixCaching ? 'True' : 'False',
        num_gpu_blocks: `${numBlocks}`,
      };
      return [{ ...labels(worker), ...info }, 1];
    }),
  );
}

function renderCounters(out: Exposition, all: Families): void {
  const count = (name: string, help: string, pick: (statistics: EngineStatistics) => number): void =>
    out.counter(
      `vllm:${name}`,
      help,
      all(({ statistics }) => pick(statistics)),
    );
  count('prefix_cache_queries', 'Prefix cache queries, in terms of number of queried tokens.', (all) => {
    return all.prefixCacheQueries;
  });
  count('prefix_cache_hits', 'Prefix cache hits, in terms of number of cached tokens.', (all) => all.prefixCacheHits);
  for (const name of ['external_prefix_cache', 'mm_cache']) {
    count(`${name}_queries`, 'No such cache here.', () => 0);
    count(`${name}_hits`, 'No such cache here.', () => 0);
  }
  count('num_preemptions', 'Cumulative number of preemption from the engine.', (all) => all.preemptions);
  count('generation_tokens', 'Number of generation tokens processed.', (all) => all.generationTokens);
  const reasons = ['stop', 'length', 'abort'] as const;
  out.counter('vllm:request_success', 'Count of successfully processed requests.', [
    ...reasons.flatMap((reason) => all(({ statistics }) => statistics.finished[reason], { finished_reason: reason })),
    ...['error', 'repetition'].flatMap((reason) => all(() => 0, { finished_reason: reason })),
  ]);
  out.counter(
    'vllm:admission_rejections',
    'Number of requests rejected by admission control.',
    ['max_num_queued_reqs', 'max_num_queued_tokens'].flatMap((reason) => all(() => 0, { reason })),
  );
}

function renderPromptCounters(out: Exposition, all: Families): void {
  out.counter(
    'vllm:prompt_tokens',
    'Number of prefill tokens processed.',
    all(({ statistics }) => statistics.promptTokens),
  );
  out.counter('vllm:prompt_tokens_by_source', 'Number of prompt tokens by source.', [
    ...all(({ statistics }) => statistics.promptTokens - statistics.cachedPromptTokens, { source: 'local_compute' }),
    ...all(({ statistics }) => statistics.cachedPromptTokens, { source: 'local_cache_hit' }),
    ...all(() => 0, { source: 'external_kv_transfer' }),
  ]);
  out.counter(
    'vllm:prompt_tokens_cached',
    'Number of cached prompt tokens (local + external).',
    all(({ statistics }) => statistics.cachedPromptTokens),
  );
  out.counter(
    'vllm:prompt_tokens_recomputed',
    'Number of cached tokens recomputed for forward pass.',
    all(({ statistics }) => statistics.recomputedPromptTokens),
  );
}

function renderSpeculation(out: Exposition, all: Families, view: MetricsView): void {
  out.counter(
    'vllm:spec_decode_num_drafts',
    'Number of spec decoding drafts.',
    all(({ statistics }) => statistics.speculation.drafts),
  );
  out.counter(
    'vllm:spec_decode_num_draft_tokens',
    'Number of draft tokens.',
    all(({ statistics }) => statistics.speculation.draftTokens),
  );
  out.counter(
    'vllm:spec_decode_num_accepted_tokens',
    'Number of accepted tokens.',
    all(({ statistics }) => statistics.speculation.acceptedTokens),
  );
  const positions = Math.max(...view.workers.map(({ config }) => config.speculation?.draftTokens ?? 0));
  out.counter(
    'vllm:spec_decode_num_accepted_tokens_per_pos',
    'Accepted tokens per draft position.',
    Array.from({ length: positions }, (_, position) =>
      all(({ statistics }) => statistics.speculation.acceptedPerPosition[position] ?? 0, { position: `${position}` }),
    ).flat(),
  );
}

function renderHistograms(
  out: Exposition,
  all: (pick: (statistics: EngineStatistics) => HistogramState) => HistogramSeries[],
): void {
  const histograms: [name: string, help: string, pick: (statistics: EngineStatistics) => HistogramState][] = [
    ['iteration_tokens_total', 'Histogram of number of tokens per engine_step.', (all) => all.iterationTokens],
    ['request_prompt_tokens', 'Number of prefill tokens processed.', (all) => all.requestPromptTokens],
    ['request_generation_tokens', 'Number of generation tokens processed.', (all) => all.requestGenerationTokens],
    [
      'request_max_num_generation_tokens',
      'Histogram of maximum number of requested generation tokens.',
      (all) => all.requestGenerationTokens,
    ],
    ['request_params_n', 'Histogram of the n request parameter.', (all) => alwaysOne(all.requestMaxTokens.count)],
    ['request_params_max_tokens', 'Histogram of the max_tokens request parameter.', (all) => all.requestMaxTokens],
    [
      'request_prefill_kv_computed_tokens',
      'Histogram of new KV tokens computed during prefill (excluding cached tokens).',
      (all) => all.requestComputedPromptTokens,
    ],
    ['request_num_preemptions', 'Histogram of preemptions per request.', (all) => all.requestPreemptions],
    ['time_to_first_token_seconds', 'Histogram of time to first token in seconds.', (all) => all.timeToFirstToken],
    ['inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', (all) => all.interTokenLatency],
    [
      'request_time_per_output_token_seconds',
      'Histogram of time per output token in seconds per request.',
      (all) => all.timePerOutputToken,
    ],
    ['e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', (all) => all.e2e],
    ['request_queue_time_seconds', 'Histogram of time spent in WAITING phase for request.', (all) => all.queueTime],
    [
      'request_inference_time_seconds',
      'Histogram of time spent in RUNNING phase for request.',
      (all) => all.inferenceTime,
    ],
    ['request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase for request.', (all) => all.prefillTime],
    ['request_decode_time_seconds', 'Histogram of time spent in DECODE phase for request.', (all) => all.decodeTime],
  ];
  for (const [name, help, pick] of histograms) out.histogram(`vllm:${name}`, help, all(pick));
}

/** Every request asks for one answer. */
function alwaysOne(requests: number): HistogramState {
  const edges = [1, 2, 5, 10, 20];
  const counts = new Float64Array(edges.length + 1);
  counts[0] = requests;
  return { edges, counts, sum: requests, count: requests };
}
