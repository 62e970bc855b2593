/** Where verdicts, knee and warnings begin. Ratios 0–1 unless a factor. */
export interface AnalysisThresholds {
  /** Saturated needs a TTFT p50 above this factor of the lowest valid level's. */
  ttftFactor: number;
  /** Below this throughput gain per user added, (ΔX/X)/(ΔN/N), a level no longer scales. */
  gainPerUser: number;
  /** From this share of failed requests on, a level is saturated whatever its times, and its times are of survivors. */
  errorRatio: number;
  /** Levels with a larger share of failures stay out of the knee: their TTFT is that of survivors. */
  kneeErrorRatio: number;
  /** A knee must raise TTFT by at least this share of its base within the levels tested. */
  kneeRise: number;
  /** Largest probability under a straight line at which a hinge is believed; small, since its place was searched for. */
  kneeP: number;
  /** A latency p95 above this share of the client's time-out is censored by it. */
  timeoutShare: number;
  /** Throughput that differs by less than this share over all levels is flat. */
  flatThroughput: number;
}

/** The rules as documented in docs/concepts.md. */
export const DEFAULT_THRESHOLDS: AnalysisThresholds = {
  ttftFactor: 3,
  gainPerUser: 0.5,
  errorRatio: 0.05,
  kneeErrorRatio: 0.25,
  kneeRise: 0.5,
  kneeP: 0.01,
  timeoutShare: 0.9,
  flatThroughput: 0.1,
};
