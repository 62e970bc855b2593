import type { FinishReason } from './types.js';

/** A classic histogram; `counts` has one more cell than `edges`, for +Inf, and is not cumulative. */
export interface HistogramState {
  readonly edges: readonly number[];
  readonly counts: Float64Array;
  sum: number;
  count: number;
}

const TTFT_EDGES = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
const TOKEN_GAP_EDGES = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const REQUEST_EDGES = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
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

/** vLLM's counters and histograms, filled by the engine as things happen. Times in seconds. */
export interface EngineStatistics {
  promptTokens: number;
  generationTokens: number;
  preemptions: number;
  finished: Record<FinishReason, number>;
  readonly timeToFirstToken: HistogramState;
  readonly interTokenLatency: HistogramState;
  readonly timePerOutputToken: HistogramState;
  readonly e2e: HistogramState;
  readonly queueTime: HistogramState;
  readonly prefillTime: HistogramState;
  readonly decodeTime: HistogramState;
  readonly inferenceTime: HistogramState;
  readonly requestPromptTokens: HistogramState;
  readonly requestGenerationTokens: HistogramState;
  readonly requestMaxTokens: HistogramState;
  readonly iterationTokens: HistogramState;
}

export function createStatistics(maxModelLen: number): EngineStatistics {
  const tokens = tokenCountEdges(maxModelLen);
  return {
    promptTokens: 0,
    generationTokens: 0,
    preemptions: 0,
    finished: { stop: 0, length: 0, abort: 0 },
    timeToFirstToken: createHistogram(TTFT_EDGES),
    interTokenLatency: createHistogram(TOKEN_GAP_EDGES),
    timePerOutputToken: createHistogram(TOKEN_GAP_EDGES),
    e2e: createHistogram(REQUEST_EDGES),
    queueTime: createHistogram(REQUEST_EDGES),
    prefillTime: createHistogram(REQUEST_EDGES),
    decodeTime: createHistogram(REQUEST_EDGES),
    inferenceTime: createHistogram(REQUEST_EDGES),
    requestPromptTokens: createHistogram(tokens),
    requestGenerationTokens: createHistogram(tokens),
    requestMaxTokens: createHistogram(tokens),
    iterationTokens: createHistogram(ITERATION_EDGES),
  };
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

/** Counts one token at `at` and moves the request's own times on. `produced` includes this token. */
export function recordToken(
  statistics: EngineStatistics,
  times: RequestTimes,
  promptTokens: number,
  produced: number,
  at: number,
): void {
  statistics.generationTokens++;
  if (produced === 1) {
    times.firstTokenAt = at;
    statistics.promptTokens += promptTokens;
    observe(statistics.timeToFirstToken, at - times.arrivedAt);
  } else {
    observe(statistics.interTokenLatency, at - times.lastTokenAt);
  }
  times.lastTokenAt = at;
}

/** Counts a request that produced all its tokens. Aborted ones are only counted, in `finished.abort`. */
export function recordFinished(
  statistics: EngineStatistics,
  times: RequestTimes,
  request: { promptTokens: number; outputTokens: number; maxTokens: number; finish: 'stop' | 'length' },
): void {
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
  observe(statistics.requestGenerationTokens, request.outputTokens);
  observe(statistics.requestMaxTokens, request.maxTokens);
}
