import type { TelemetryFigures } from '../measure/telemetry-figures.js';
import type { CacheState } from './cache-state.js';

/** An estimate with its sample size and 95 % interval, seconds (or the unit of its field). NaN: no data. */
export interface Estimate {
  value: number;
  n: number;
  lower: number;
  upper: number;
  /** Set when the sample is too small for the figure to be relied on, e.g. `p95 from n = 41 (< 60)`. */
  warning: string | null;
}

export interface QuantileSet {
  mean: Estimate;
  p50: Estimate;
  p90: Estimate;
  p95: Estimate;
  p99: Estimate;
}

/** Share of the requests started in the windows that met an objective. */
export interface SloShare {
  slo: string;
  good: number;
  bad: number;
  /** Started in the window, outcome never seen. */
  undecided: number;
  /** good / (good + bad), with interval. */
  share: Estimate;
  /** The share that is asked for, e.g. 0.95. */
  required: number;
  pass: boolean | null;
}

/** One level, pooled over its valid, not excluded windows (over all of them when none is left; then `valid` is false). */
export interface LevelResult {
  level: number;
  load: number;
  windows: string[];
  windowsUsed: string[];
  valid: boolean;
  invalidReasons: string[];
  steady: boolean;
  /** Seconds measured, summed over the used windows. */
  seconds: number;
  started: number;
  completed: number;
  ok: number;
  errors: Record<string, number>;
  /** errors / completed, 0–1; NaN when nothing completed. */
  errorRatio: number;
  /** Client time-outs among the errors: censored. */
  censored: number;
  ttft: QuantileSet;
  ttftFirstChunk: QuantileSet;
  ttftFirstVisible: QuantileSet;
  /** TTFT from the intended start (open loop); equals ttft in closed loop. */
  ttftFromIntended: QuantileSet;
  tpot: QuantileSet;
  /** Requests without TPOT because they had at most one token. */
  tpotExcluded: number;
  itl: QuantileSet;
  latency: QuantileSet;
  latencyFromIntended: QuantileSet;
  requestsPerSecond: number;
  okPerSecond: number;
  conversationsPerSecond: number;
  outputTokensPerSecond: number;
  inputTokensPerSecond: number;
  inputTokensMean: number;
  outputTokensMean: number;
  tokensSource: 'usage' | 'chunks' | 'mixed';
  /** Share of output tokens per token chunk > 1, i.e. mean tokens a chunk. */
  tokensPerChunk: number;
  littleRatio: number;
  inFlightRatio: number;
  slo: SloShare[];
  errorSlo: { limit: number; pass: boolean | null } | null;
  /** What the servers and GPUs told of the used windows; absent or null: nothing was scraped. */
  telemetry?: TelemetryFigures | null;
  /** The prefix cache; absent or null: nothing tells of it. */
  cache?: CacheState | null;
}
