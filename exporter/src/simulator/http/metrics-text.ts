import type { HistogramState } from '../engine/statistics.js';
import type { Engine } from '../engine/types.js';

/** What the exposition needs besides the engine. */
export interface MetricsSource {
  engine: Engine;
  model: string;
  /** Epoch seconds. */
  startedAt: number;
  cache: { blockSize: number; numBlocks: number };
  /** The simulator's own health: what a benchmark reads to know whether it kept up. */
  own: { lag: HistogramState; counters: { tokensWritten: number }; cpuSeconds: () => number };
}

type Labels = Readonly<Record<string, string>>;
type Sample = [labels: Labels, value: number];

/** Lines of the Prometheus text format 0.0.4. */
class Exposition {
  private readonly lines: string[] = [];

  constructor(
    private readonly base: Labels,
    private readonly created: number,
  ) {}

  gauge(name: string, help: string, samples: Sample[]): void {
    this.head(name, help, 'gauge');
    for (const [labels, value] of samples) this.sample(name, labels, value);
  }

  /** `name` without `_total`; a gauge `…_created` stands beside it as Python's client writes it. */
  counter(name: string, help: string, samples: Sample[]): void {
    this.head(`${name}_total`, help, 'counter');
    for (const [labels, value] of samples) this.sample(`${name}_total`, labels, value);
    this.createdGauge(name, help, samples);
  }

  histogram(name: string, help: string, { edges, counts, sum, count }: HistogramState): void {
    this.head(name, help, 'histogram');
    let below = 0;
    edges.forEach((edge, index) => {
      below += counts[index]!;
      this.sample(`${name}_bucket`, { le: pythonFloat(edge) }, below);
    });
    this.sample(`${name}_bucket`, { le: '+Inf' }, count);
    this.sample(`${name}_count`, {}, count);
    this.sample(`${name}_sum`, {}, sum);
    this.createdGauge(name, help, [[{}, 0]]);
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private createdGauge(name: string, help: string, samples: Sample[]): void {
    this.gauge(
      `${name}_created`,
      help,
      samples.map(([labels]) => [labels, this.created]),
    );
  }

  private head(name: string, help: string, type: string): void {
    this.lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  }

  private sample(name: string, labels: Labels, value: number): void {
    const all = Object.entries(name.startsWith('process_') ? labels : { ...this.base, ...labels });
    const list = all.map(([key, text]) => `${key}="${escapeLabel(text)}"`).join(',');
    this.lines.push(`${name}${list === '' ? '' : `{${list}}`} ${value}`);
  }
}

/** The server's metrics under vLLM's names, with its types, labels and bucket edges. */
export function renderMetrics(source: MetricsSource): string {
  const out = new Exposition({ engine: '0', model_name: source.model }, source.startedAt);
  renderGauges(out, source);
  renderCounters(out, source.engine);
  renderHistograms(out, source.engine);
  renderOwn(out, source);
  out.gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', [
    [{}, source.startedAt],
  ]);
  return out.text();
}

function renderOwn(out: Exposition, { own }: MetricsSource): void {
  const lagHelp = 'How late tokens were given to the sockets against the schedule of the simulated engine.';
  out.histogram('sweepscope_simulator_lag_seconds', lagHelp, own.lag);
  out.counter('sweepscope_simulator_tokens_written', 'Tokens given to sockets.', [[{}, own.counters.tokensWritten]]);
  out.counter('process_cpu_seconds', 'Total user and system CPU time spent in seconds.', [[{}, own.cpuSeconds()]]);
}

function renderGauges(out: Exposition, { engine, cache }: MetricsSource): void {
  const load = engine.load();
  out.gauge('vllm:num_requests_running', 'Number of requests in model execution batches.', [[{}, load.running]]);
  out.gauge('vllm:num_requests_waiting', 'Number of requests waiting to be processed.', [[{}, load.waiting]]);
  out.gauge('vllm:num_requests_waiting_by_reason', 'Number of waiting requests by reason.', [
    [{ reason: 'capacity' }, load.waiting],
    [{ reason: 'deferred' }, 0],
  ]);
  out.gauge('vllm:kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', [[{}, load.kvUsage]]);
  out.gauge('vllm:cache_config_info', 'Information of the LLMEngine CacheConfig', [
    [{ block_size: `${cache.blockSize}`, num_gpu_blocks: `${cache.numBlocks}`, enable_prefix_caching: 'False' }, 1],
  ]);
}

function renderCounters(out: Exposition, { statistics }: Engine): void {
  const { promptTokens, generationTokens, preemptions, finished } = statistics;
  out.counter('vllm:prefix_cache_queries', 'Prefix cache queries, in tokens.', [[{}, 0]]);
  out.counter('vllm:prefix_cache_hits', 'Prefix cache hits, in tokens.', [[{}, 0]]);
  out.counter('vllm:num_preemptions', 'Cumulative number of preemptions from the engine.', [[{}, preemptions]]);
  out.counter('vllm:prompt_tokens', 'Number of prefill tokens processed.', [[{}, promptTokens]]);
  out.counter('vllm:prompt_tokens_by_source', 'Number of prompt tokens by source.', [
    [{ source: 'local_compute' }, promptTokens],
    [{ source: 'local_cache_hit' }, 0],
    [{ source: 'external_kv_transfer' }, 0],
  ]);
  out.counter('vllm:prompt_tokens_cached', 'Number of cached prompt tokens.', [[{}, 0]]);
  out.counter('vllm:generation_tokens', 'Number of generation tokens processed.', [[{}, generationTokens]]);
  out.counter(
    'vllm:request_success',
    'Count of successfully processed requests.',
    Object.entries({ ...finished, error: 0, repetition: 0 }).map(([reason, count]) => [
      { finished_reason: reason },
      count,
    ]),
  );
}

function renderHistograms(out: Exposition, { statistics: all }: Engine): void {
  const histograms: [name: string, help: string, state: HistogramState][] = [
    ['iteration_tokens_total', 'Histogram of number of tokens per engine_step.', all.iterationTokens],
    ['request_prompt_tokens', 'Number of prefill tokens processed.', all.requestPromptTokens],
    ['request_generation_tokens', 'Number of generation tokens processed.', all.requestGenerationTokens],
    ['request_params_max_tokens', 'Histogram of the max_tokens request parameter.', all.requestMaxTokens],
    ['time_to_first_token_seconds', 'Histogram of time to first token in seconds.', all.timeToFirstToken],
    ['inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', all.interTokenLatency],
    [
      'request_time_per_output_token_seconds',
      'Histogram of time per output token in seconds per request.',
      all.timePerOutputToken,
    ],
    ['e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', all.e2e],
    ['request_queue_time_seconds', 'Histogram of time spent in WAITING phase for request.', all.queueTime],
    ['request_inference_time_seconds', 'Histogram of time spent in RUNNING phase for request.', all.inferenceTime],
    ['request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase for request.', all.prefillTime],
    ['request_decode_time_seconds', 'Histogram of time spent in DECODE phase for request.', all.decodeTime],
  ];
  for (const [name, help, state] of histograms) out.histogram(`vllm:${name}`, help, state);
}

/** Bucket edges as Python writes them: `1.0`, `0.25`. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
