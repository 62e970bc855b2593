import type { Engine } from './telemetry-roles.js';

/** A gauge over a time: mean and highest of its samples, one a scrape. NaN without a sample. */
export interface GaugeFigures {
  mean: number;
  peak: number;
  samples: number;
}

/** How well one upstream was seen. */
export interface UpstreamCoverage {
  upstream: string;
  /** null: it never answered, or not with metrics that are known. */
  engine: Engine | null;
  scrapes: number;
  failed: number;
  /** Longest time without an answer, seconds, the edges included. */
  longestGapSeconds: number;
  /** Times its counters began anew or its process did. */
  restarts: number;
  /** What its last failure in this time was; empty: none. */
  problem: string;
}

/** One worker of several. NaN: not told. */
export interface WorkerFigures {
  upstream: string;
  replica: string;
  running: number;
  waiting: number;
  outputTokensPerSecond: number;
}

/**
 * What the servers and GPUs told of a time (a window, the windows of a level, a whole run). Rates and ratios are of the
 * counters' growth over exactly that time; NaN: not told. All upstreams of one engine are taken together; where
 * different engines tell the same, the one named first in the spec is believed. Seconds, bytes, watts, ratios 0–1.
 */
export interface TelemetryFigures {
  seconds: number;
  coverage: UpstreamCoverage[];
  requestsRunning: GaugeFigures;
  requestsWaiting: GaugeFigures;
  /** Share of the samples in which requests waited. */
  waitingShare: number;
  kvUsage: GaugeFigures;
  /** Requests served at once over all workers, as the server says itself. */
  maxNumSeqs: number;
  /** Prompt tokens (or blocks) found in the prefix cache ÷ looked up. */
  kvHitRatio: number;
  preemptions: number;
  preemptionsPerRequest: number;
  requestsFinishedPerSecond: number;
  promptTokensPerSecond: number;
  outputTokensPerSecond: number;
  cachedTokensPerSecond: number;
  /** Mean seconds of the requests that ended (queue, prefill, whole) or got their first token. */
  queueSeconds: number;
  prefillSeconds: number;
  ttftSeconds: number;
  requestSeconds: number;
  /** The client's mean TTFT less the server's. */
  ttftGapSeconds: number;
  specDraftTokensPerSecond: number;
  /** Draft tokens accepted ÷ drafted. */
  specAcceptanceRatio: number;
  /** Tokens of a step with a draft, the one that needs none included. */
  specAcceptanceLength: number;
  /** Most less least running requests of the workers; NaN with fewer than two. */
  workerRunningSpread: GaugeFigures;
  /** Empty with fewer than two. */
  workers: WorkerFigures[];
  gpuUtilization: GaugeFigures;
  gpuMemoryUsedBytes: GaugeFigures;
  gpuMemoryTotalBytes: number;
  gpuPowerWatts: GaugeFigures;
  gpuTemperatureCelsius: GaugeFigures;
  gpuSmActive: GaugeFigures;
  gpuDramActive: GaugeFigures;
  gpuTensorActive: GaugeFigures;
  /** Of the energy counter, else of mean power × time. */
  gpuEnergyJoules: number;
  /** Output tokens that the client got, per joule. */
  tokensPerJoule: number;
  hostCpuBusyRatio: number;
  hostMemoryUsedBytes: GaugeFigures;
}
