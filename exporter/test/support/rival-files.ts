import { seededRandom } from '../../src/analysis/bootstrap.js';

/** One request as every client would have seen it, seconds since the first start. */
export interface SeenRequest {
  start: number;
  ttft: number;
  gaps: number[];
  error: string;
}

export interface LoopOptions {
  users: number;
  requests: number;
  seed?: number;
  ttft?: number;
  gap?: number;
  tokens?: number;
  /** Every n-th request fails with this message after its TTFT. */
  failEvery?: { n: number; message: string };
}

/** A closed loop of users that all start at once, each sending its next request when the one before has ended. */
export function closedLoop(options: LoopOptions): SeenRequest[] {
  const { users, requests, seed = 1, ttft = 0.2, gap = 0.02, tokens = 32, failEvery } = options;
  const random = seededRandom(seed);
  const free = Array.from({ length: users }, () => 0);
  return Array.from({ length: requests }, (_, index) => {
    const user = free.indexOf(Math.min(...free));
    const start = free[user]!;
    const own = ttft * (0.8 + 0.4 * random());
    const gaps = Array.from({ length: tokens - 1 }, () => gap * (0.5 + random()));
    const fails = failEvery !== undefined && index % failEvery.n === failEvery.n - 1;
    free[user] = start + own + (fails ? 0 : sum(gaps)) + 0.0005;
    return { start, ttft: own, gaps: fails ? [] : gaps, error: fails ? failEvery.message : '' };
  });
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

const endOf = ({ start, ttft, gaps }: SeenRequest): number => start + ttft + sum(gaps);

/** `vllm bench serve --save-result --save-detailed`, layout of 0.32. */
export function vllmDetailed(seen: readonly SeenRequest[], users: number, extra: object = {}): Record<string, unknown> {
  const ok = seen.filter(({ error }) => error === '');
  const duration = Math.max(...seen.map(endOf));
  const tokens = ok.map(({ gaps }) => gaps.length + 1);
  return {
    date: '20261120-101500',
    endpoint_type: 'openai-chat',
    backend: 'openai-chat',
    label: null,
    model_id: 'tiny',
    tokenizer_id: 'tiny',
    num_prompts: seen.length,
    request_rate: 'inf',
    burstiness: 1.0,
    max_concurrency: users,
    duration,
    completed: ok.length,
    failed: seen.length - ok.length,
    total_input_tokens: 256 * ok.length,
    total_output_tokens: sum(tokens),
    request_throughput: ok.length / duration,
    request_goodput: null,
    output_throughput: sum(tokens) / duration,
    mean_ttft_ms: 1000 * mean(ok.map(({ ttft }) => ttft)),
    mean_tpot_ms: 1000 * mean(ok.map(({ gaps }) => mean(gaps))),
    mean_itl_ms: 1000 * mean(ok.flatMap(({ gaps }) => gaps)),
    mean_e2el_ms: 1000 * mean(ok.map((request) => endOf(request) - request.start)),
    input_lens: seen.map(() => 256),
    output_lens: seen.map(({ gaps, error }) => (error === '' ? gaps.length + 1 : 0)),
    ttfts: seen.map(({ ttft, error }) => (error === '' ? ttft : 0)),
    itls: seen.map(({ gaps }) => gaps),
    start_times: seen.map(({ start }) => 5000 + start),
    generated_texts: seen.map(() => 'words with "quotes" and ] braces {'),
    errors: seen.map(({ error }) => error),
    ...extra,
  };
}

/** The same run without `--save-detailed`. */
export function vllmAggregate(
  seen: readonly SeenRequest[],
  users: number,
  extra: object = {},
): Record<string, unknown> {
  const lists = ['input_lens', 'output_lens', 'ttfts', 'itls', 'start_times', 'generated_texts', 'errors'];
  return Object.fromEntries(Object.entries(vllmDetailed(seen, users, extra)).filter(([key]) => !lists.includes(key)));
}

const EPOCH = 1_790_000_000;

/** A strategy of a `benchmarks.json` of GuideLLM, as 0.4 to 0.8 write it. */
export function guideBenchmark(seen: readonly SeenRequest[], users: number, kept = true): Record<string, unknown> {
  const ok = seen.filter(({ error }) => error === '');
  const distribution = (values: readonly number[]): object => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (q: number): number => sorted[Math.ceil(q * sorted.length) - 1] ?? 0;
    const percentiles = { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
    return { successful: { mean: mean(values), median: at(0.5), count: values.length, percentiles } };
  };
  const request = (one: SeenRequest, index: number): object => ({
    request_id: `g-${index}`,
    info: {
      status: one.error === '' ? 'completed' : 'errored',
      error: one.error === '' ? null : one.error,
      conversation_id: `conversation-${index}`,
      turn_index: 0,
      timings: {
        request_start: EPOCH + one.start,
        first_request_iteration: EPOCH + one.start + one.ttft,
        first_token_iteration: one.error === '' ? EPOCH + one.start + one.ttft : null,
        last_token_iteration: EPOCH + endOf(one),
        request_end: EPOCH + endOf(one),
      },
    },
    request_args: 'synthetic',
    output: 'words',
    prompt_tokens: 256,
    output_tokens: one.gaps.length + 1,
  });
  const totals = { successful: ok.length, errored: seen.length - ok.length, incomplete: 0, total: seen.length };
  return {
    type_: 'generative_benchmark',
    config: {
      strategy: { type_: 'concurrent', streams: users },
      backend: { target: 'http://127.0.0.1:8000', model: 'tiny' },
    },
    start_time: EPOCH,
    end_time: EPOCH + Math.max(...seen.map(endOf)),
    metrics: {
      request_totals: totals,
      time_to_first_token_ms: distribution(ok.map(({ ttft }) => 1000 * ttft)),
      inter_token_latency_ms: distribution(ok.map(({ gaps }) => 1000 * mean(gaps))),
      time_per_output_token_ms: distribution(
        ok.map((one) => (1000 * (endOf(one) - one.start)) / (one.gaps.length + 1)),
      ),
      request_latency: distribution(ok.map((one) => endOf(one) - one.start)),
      output_token_count: distribution(ok.map(({ gaps }) => gaps.length + 1)),
    },
    requests: {
      successful: kept ? ok.map(request) : [],
      errored: kept ? seen.filter(({ error }) => error !== '').map(request) : [],
      incomplete: [],
    },
  };
}

export function guideFile(benchmarks: readonly object[]): object {
  return {
    metadata: { version: 1, guidellm_version: '0.6.0' },
    args: { data: ['prompt_tokens=256,output_tokens=32'], random_seed: 42 },
    benchmarks,
  };
}

/** A strategy as GuideLLM 0.3 wrote it: times beside the request, strategy below `args`. */
export function guideBenchmark03(seen: readonly SeenRequest[], users: number): Record<string, unknown> {
  return {
    type_: 'generative_benchmark',
    args: { strategy: { type_: 'concurrent', streams: users } },
    worker: { backend_target: 'http://127.0.0.1:8000', backend_model: 'tiny' },
    run_stats: { start_time: EPOCH, end_time: EPOCH + Math.max(...seen.map(endOf)) },
    request_totals: { successful: seen.length, errored: 0, incomplete: 0, total: seen.length },
    metrics: {},
    requests: {
      successful: seen.map((one) => ({
        start_time: EPOCH + one.start,
        first_token_time: EPOCH + one.start + one.ttft,
        last_token_time: EPOCH + endOf(one),
        end_time: EPOCH + endOf(one),
        prompt_tokens: 256,
        output_tokens: one.gaps.length + 1,
      })),
      errored: [],
      incomplete: [],
    },
  };
}

/** Lines of AIPerf's `profile_export.jsonl`, a warm-up of one request first. */
export function aiperfRecords(seen: readonly SeenRequest[]): string {
  const line = (one: SeenRequest, index: number, phase: string): string =>
    JSON.stringify({
      metadata: {
        session_num: index,
        x_correlation_id: `session-${phase}-${index}`,
        turn_index: 0,
        request_start_ns: Math.round((EPOCH + one.start) * 1e6) * 1000,
        request_end_ns: Math.round((EPOCH + endOf(one)) * 1e6) * 1000,
        benchmark_phase: phase,
        was_cancelled: false,
      },
      metrics:
        one.error !== ''
          ? { error_isl: { value: 256, unit: 'tokens' } }
          : {
              input_sequence_length: { value: 256, unit: 'tokens' },
              output_sequence_length: { value: one.gaps.length + 1, unit: 'tokens' },
              time_to_first_token: { value: 1000 * one.ttft, unit: 'ms' },
              request_latency: { value: 1000 * (endOf(one) - one.start), unit: 'ms' },
              inter_chunk_latency: { value: one.gaps.map((gap) => 1000 * gap), unit: 'ms' },
            },
      error: one.error === '' ? null : { code: 503, type: 'HTTPError', message: one.error },
    });
  const warmUp = line({ start: -60, ttft: 9, gaps: [9], error: '' }, 0, 'warmup');
  return `${[warmUp, ...seen.map((one, index) => line(one, index, 'profiling'))].join('\n')}\n`;
}

/** AIPerf's `profile_export_aiperf.json`. */
export function aiperfAggregate(seen: readonly SeenRequest[], users: number): Record<string, unknown> {
  const ok = seen.filter(({ error }) => error === '');
  const metric = (unit: string, values: readonly number[]): object => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (q: number): number => sorted[Math.ceil(q * sorted.length) - 1]!;
    return { unit, avg: mean(values), p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), count: values.length };
  };
  return {
    schema_version: '1.5',
    aiperf_version: '0.13.0',
    start_time: '2026-09-21T16:53:20Z',
    input_config: {
      endpoint: { model_names: ['tiny'], type: 'chat', urls: ['http://127.0.0.1:8000'] },
      loadgen: { concurrency: users },
    },
    time_to_first_token: metric(
      'ms',
      ok.map(({ ttft }) => 1000 * ttft),
    ),
    inter_token_latency: metric(
      'ms',
      ok.map(({ gaps }) => 1000 * mean(gaps)),
    ),
    request_latency: metric(
      'ms',
      ok.map((one) => 1000 * (endOf(one) - one.start)),
    ),
    request_count: { unit: 'requests', avg: ok.length },
    error_request_count: { unit: 'requests', avg: seen.length - ok.length },
    request_throughput: { unit: 'requests/sec', avg: ok.length / Math.max(...seen.map(endOf)) },
  };
}
