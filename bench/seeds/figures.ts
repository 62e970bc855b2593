import type { LevelResult } from 'sweepscope/dist/analysis/level-result.js';

export const FIGURES = [
  'ttftP50',
  'ttftP95',
  'tpotP50',
  'tpotP95',
  'latencyP50',
  'latencyP95',
  'errorRatio',
  'requestsPerSecond',
  'outputTokensPerSecond',
] as const;
export type FigureName = (typeof FIGURES)[number];
/** Seconds, ratios and rates; NaN: not told. TPOT is the inter-token latency where only that was published. */
export type LevelFigures = Record<FigureName, number>;

/** One level of the published reports' JSON: milliseconds, per cent. */
export interface PublishedLevel {
  concurrency: number;
  ttft_p50_ms?: number;
  ttft_p95_ms?: number;
  tpot_p50_ms?: number;
  tpot_p95_ms?: number;
  itl_p50_ms?: number;
  itl_p95_ms?: number;
  latency_p50_ms?: number;
  latency_p95_ms?: number;
  error_pct?: number;
  actual_rps?: number;
  tops?: number | null;
  kv_hit_rate_pct?: number | null;
  /** A burst's total time: with all requests sent at once and served in turn, the last one's latency. */
  total_seconds?: number;
}

export function publishedFigures(level: PublishedLevel): LevelFigures {
  const seconds = (milliseconds: number | undefined): number => (milliseconds ?? NaN) / 1000;
  return {
    ttftP50: seconds(level.ttft_p50_ms),
    ttftP95: seconds(level.ttft_p95_ms),
    tpotP50: seconds(level.tpot_p50_ms ?? level.itl_p50_ms),
    tpotP95: seconds(level.tpot_p95_ms ?? level.itl_p95_ms),
    latencyP50: level.total_seconds ?? seconds(level.latency_p50_ms),
    latencyP95: seconds(level.latency_p95_ms),
    errorRatio: (level.error_pct ?? NaN) / 100,
    requestsPerSecond: level.actual_rps ?? NaN,
    outputTokensPerSecond: level.tops ?? NaN,
  };
}

/** `perToken`: which of our figures the published ones are to be compared with. */
export function simulatedFigures(level: LevelResult, perToken: 'tpot' | 'itl'): LevelFigures {
  return {
    ttftP50: level.ttft.p50.value,
    ttftP95: level.ttft.p95.value,
    tpotP50: level[perToken].p50.value,
    tpotP95: level[perToken].p95.value,
    latencyP50: level.latency.p50.value,
    latencyP95: level.latency.p95.value,
    errorRatio: level.errorRatio,
    requestsPerSecond: level.requestsPerSecond,
    outputTokensPerSecond: level.outputTokensPerSecond,
  };
}
