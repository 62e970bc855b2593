import type { FinishReason } from './types.js';

/** A classic histogram; `counts` has one more cell than `edges`, for +Inf, and is not cumulative. */
export interface HistogramState {
  readonly edges: readonly number[];
  readonly counts: Float64Array;
  sum: number;
  count: number;
}

/** Upper bounds of the latency histograms' buckets, seconds: engines differ in them. */
export interface LatencyEdges {
  ttft: readonly number[];
  /** Between output events, and per output token. */
  tokenGap: readonly number[];
  /** Whole requests and their parts. */
  request: readonly number[];
}

export const VLLM_EDGES: LatencyEdges = {
  ttft: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
  ],
  tokenGap: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
  request: [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680],
};
const PREEMPTION_EDGES = [0, 1, 2, 3, 5, 10];
const ITERATION_EDGES = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];

/** vLLM's token count edges: 1, 2, 5, 10, 20, 50 … up to the longest context. */
function tokenCountEdges(maxModelLen: number): number[] {
  const edges: number[] = [];
  for (let decade = 1; decade <= maxModelLen; decade *= 10) {
    for (const factor of [1, 2, 5]) if (factor * decade <= maxModelLen) edges.push(factor * decade);
  }
  return edges;
}

export function createHistogram(edges: readonly number[]): HistogramState {
  return { edges, counts: new Float64Array(edges.length + 1), sum: 0, count: 0 };
}

export function observe(histogram: HistogramState, value: number): void {
  const { edges, counts } = histogram;
  let cell = 0;
  while (cell < edges.length && value > edges[cell]!) cell++;
  counts[cell]!++;
  histogram.sum += value;
  histogram.count++;
}

/** What a worker's accelerator was asked to do; cumulative. A step counts when it begins. */
export interface EngineWork {
  steps: number;
  /** Time that steps took, seconds. */
  busySeconds: number;
  /** Tokens that went through the model: prompts, decodes and drafts. */
  computedTokens: number;
  /** Tokens whose keys and values were read, once a step for each sequence. */
  contextTokens: number;
}

/** Speculative decoding's counters; all 0 without it. */
export interface SpeculationCounts {
  /** Times that a sequence's step had drafts. */
  drafts: number;
  draftTokens: number;
  acceptedTokens: number;
  /** Accepted drafts by their position. */
  acceptedPerPosition: number[];
}

const COUNTERS = [
  'promptTokens',
  'cachedPromptTokens',
  'recomputedPromptTokens',
  'prefixCacheQueries',
  'prefixCacheHits',
  'generationTokens',
  'preemptions',
] as const;

const HISTOGRAMS = [
  'timeToFirstToken',
  'interTokenLatency',
  'timePerOutputToken',
  'e2e',
  'queueTime',
  'prefillTime',
  'decodeTime',
  'inferenceTime',
  'requestPromptTokens',
  'requestComputedPromptTokens',
  'requestCachedTokens',
  'requestGenerationTokens',
  'requestMaxTokens',
  'requestPreemptions',
  'iterationTokens',
] as const;

/**
 * vLLM's counters and histograms, filled by the engine as things happen. Times in seconds. Of the counters,
 * `promptTokens` and `cachedPromptTokens` count at the first token; `prefixCacheQueries` and `prefixCacheHits` count
 * tokens at the first admission, recomputations after a preemption left out; `recomputedPromptTokens` counts prompts of
 * which all but the last token were cached, which is computed in any case.
 */
export type EngineStatistics = Record<(typeof COUNTERS)[number], number> &
  Readonly<Record<(typeof HISTOGRAMS)[number], HistogramState>> & {
    readonly finished: Record<FinishReason, number>;
    readonly speculation: SpeculationCounts;
    readonly work: EngineWork;
  };

export function createStatistics(maxModelLen: number, edges = VLLM_EDGES): EngineStatistics {
  return emptyStatistics(tokenCountEdges(maxModelLen), edges);
}

function emptyStatistics(tokens: readonly number[], edges: LatencyEdges): EngineStatistics {
  return {
    promptTokens: 0,
    cachedPromptTokens: 0,
    recomputedPromptTokens: 0,
    prefixCacheQueries: 0,
    prefixCacheHits: 0,
    generationTokens: 0,
    preemptions: 0,
    finished: { stop: 0, length: 0, abort: 0 },
    speculation: { drafts: 0, draftTokens: 0, acceptedTokens: 0, acceptedPerPosition: [] },
    work: { steps: 0, busySeconds: 0, computedTokens: 0, contextTokens: 0 },
    timeToFirstToken: createHistogram(edges.ttft),
    interTokenLatency: createHistogram(edges.tokenGap),
    timePerOutputToken: createHistogram(edges.tokenGap),
    e2e: createHistogram(edges.request),
    queueTime: createHistogram(edges.request),
    prefillTime: createHistogram(edges.request),
    decodeTime: createHistogram(edges.request),
    inferenceTime: createHistogram(edges.request),
    requestPromptTokens: createHistogram(tokens),
    requestComputedPromptTokens: createHistogram(tokens),
    requestCachedTokens: createHistogram(tokens),
    requestGenerationTokens: createHistogram(tokens),
    requestMaxTokens: createHistogram(tokens),
    requestPreemptions: createHistogram(PREEMPTION_EDGES),
    iterationTokens: createHistogram(ITERATION_EDGES),
  };
}

/** The statistics of engines with equal buckets, at least one, added up. */
export function sumStatistics(parts: readonly [EngineStatistics, ...EngineStatistics[]]): EngineStatistics {
  const [{ timeToFirstToken, interTokenLatency, e2e, requestPromptTokens }] = parts;
  const edges = { ttft: timeToFirstToken.edges, tokenGap: interTokenLatency.edges, request: e2e.edges };
  const sum = emptyStatistics(requestPromptTokens.edges, edges);
  for (const part of parts) {
    for (const name of COUNTERS) sum[name] += part[name];
    for (const name of HISTOGRAMS) addHistogram(sum[name], part[name]);
    addNumbers(sum.finished, part.finished);
    addNumbers(sum.work, part.work);
    addSpeculation(sum.speculation, part.speculation);
  }
  return sum;
}

function addHistogram(sum: HistogramState, part: HistogramState): void {
  part.counts.forEach((count, cell) => (sum.counts[cell]! += count));
  sum.sum += part.sum;
  sum.count += part.count;
}

function addNumbers<Name extends string>(sum: Record<Name, number>, part: Readonly<Record<Name, number>>): void {
  for (const name of Object.keys(sum) as Name[]) sum[name] += part[name];
}

function addSpeculation(sum: SpeculationCounts, part: SpeculationCounts): void {
  sum.drafts += part.drafts;
  sum.draftTokens += part.draftTokens;
  sum.acceptedTokens += part.acceptedTokens;
  part.acceptedPerPosition.forEach((count, position) => {
    sum.acceptedPerPosition[position] = (sum.acceptedPerPosition[position] ?? 0) + count;
  });
}

/** The moments of one request that the statistics are made of; seconds. */
export interface RequestTimes {
  arrivedAt: number;
  /** Handed to the scheduler. */
  queuedAt: number;
  /** First part of a step. */
  scheduledAt: number;
  firstTokenAt: number;
  lastTokenAt: number;
}

/** Counts one token, or several that came at once, at `at`, and moves the request's own times on. */
export function recordTokens(statistics: EngineStatistics, times: RequestTimes, tokens: number, at: number): void {
  statistics.generationTokens += tokens;
  if (Number.isNaN(times.firstTokenAt)) {
    times.firstTokenAt = at;
    observe(statistics.timeToFirstToken, at - times.arrivedAt);
  } else {
    observe(statistics.interTokenLatency, at - times.lastTokenAt);
  }
  times.lastTokenAt = at;
}

/** Counts a prompt that was computed, or found, to its end. */
export function recordPrompt(statistics: EngineStatistics, promptTokens: number, cachedTokens: number): void {
  statistics.promptTokens += promptTokens;
  statistics.cachedPromptTokens += cachedTokens;
  if (cachedTokens + 1 === promptTokens) statistics.recomputedPromptTokens++;
}

/** What is counted of a request besides its times. */
export interface FinishedRequest {
  promptTokens: number;
  cachedTokens: number;
  outputTokens: number;
  maxTokens: number;
  preemptions: number;
  finish: 'stop' | 'length';
}

/** Counts a request that produced all its tokens. Aborted ones are only counted, in `finished.abort`. */
export function recordFinished(statistics: EngineStatistics, times: RequestTimes, request: FinishedRequest): void {
  const { arrivedAt, queuedAt, scheduledAt, firstTokenAt, lastTokenAt } = times;
  statistics.finished[request.finish]++;
  observe(statistics.e2e, lastTokenAt - arrivedAt);
  observe(statistics.queueTime, scheduledAt - queuedAt);
  observe(statistics.prefillTime, firstTokenAt - scheduledAt);
  observe(statistics.decodeTime, lastTokenAt - firstTokenAt);
  observe(statistics.inferenceTime, lastTokenAt - scheduledAt);
  if (request.outputTokens > 1) {
    observe(statistics.timePerOutputToken, (lastTokenAt - firstTokenAt) / (request.outputTokens - 1));
  }
  observe(statistics.requestPromptTokens, request.promptTokens);
  observe(statistics.requestComputedPromptTokens, request.promptTokens - request.cachedTokens);
  observe(statistics.requestCachedTokens, request.cachedTokens);
  observe(statistics.requestGenerationTokens, request.outputTokens);
  observe(statistics.requestMaxTokens, request.maxTokens);
  observe(statistics.requestPreemptions, request.preemptions);
}
