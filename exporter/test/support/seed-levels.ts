import { readFileSync } from 'node:fs';
import type { Estimate, LevelResult, QuantileSet } from '../../src/analysis/level-result.js';

/** One level as the published reports give it: milliseconds, per cent; what they did not measure is absent or null. */
export interface SeedLevel {
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
  valid_runs?: number;
  runs?: number;
}

/** The levels of a published sweep, e.g. `001-eagle3`. */
export function seedLevels(name: string): SeedLevel[] {
  const file = new URL(`../fixtures/seeds/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { levels: SeedLevel[] }).levels;
}

/** Published levels as results: without samples, counts or intervals. */
export function seedResults(name: string): LevelResult[] {
  return seedLevels(name).map(publishedLevel);
}

function publishedLevel(seed: SeedLevel, level: number): LevelResult {
  const windows = Array.from({ length: seed.runs ?? 1 }, (_, index) => `r${index + 1}-l${level + 1}`);
  return {
    ...UNKNOWN_LEVEL,
    level,
    load: seed.concurrency,
    windows,
    windowsUsed: windows.slice(0, seed.valid_runs ?? windows.length),
    errorRatio: (seed.error_pct ?? NaN) / 100,
    ttft: quantiles(seed.ttft_p50_ms, seed.ttft_p95_ms),
    tpot: quantiles(seed.tpot_p50_ms, seed.tpot_p95_ms),
    itl: quantiles(seed.itl_p50_ms, seed.itl_p95_ms),
    latency: quantiles(seed.latency_p50_ms, seed.latency_p95_ms),
    requestsPerSecond: seed.actual_rps ?? NaN,
    outputTokensPerSecond: seed.tops ?? NaN,
  };
}

/** An estimate of which only the value is known. */
export function bare(value: number): Estimate {
  return { value, n: NaN, lower: NaN, upper: NaN, warning: null };
}

export function quantiles(p50Ms = NaN, p95Ms = NaN): QuantileSet {
  const unknown = bare(NaN);
  return { mean: unknown, p50: bare(p50Ms / 1000), p90: unknown, p95: bare(p95Ms / 1000), p99: unknown };
}

/** A level of which nothing is known. */
export const UNKNOWN_LEVEL: LevelResult = {
  level: 0,
  load: 1,
  windows: [],
  windowsUsed: [],
  valid: true,
  invalidReasons: [],
  steady: true,
  seconds: NaN,
  started: NaN,
  completed: NaN,
  ok: NaN,
  errors: {},
  errorRatio: NaN,
  censored: NaN,
  ttft: quantiles(),
  ttftFirstChunk: quantiles(),
  ttftFirstVisible: quantiles(),
  ttftFromIntended: quantiles(),
  tpot: quantiles(),
  tpotExcluded: NaN,
  itl: quantiles(),
  latency: quantiles(),
  latencyFromIntended: quantiles(),
  requestsPerSecond: NaN,
  okPerSecond: NaN,
  conversationsPerSecond: NaN,
  outputTokensPerSecond: NaN,
  inputTokensPerSecond: NaN,
  inputTokensMean: NaN,
  outputTokensMean: NaN,
  tokensSource: 'chunks',
  tokensPerChunk: NaN,
  littleRatio: NaN,
  inFlightRatio: NaN,
  slo: [],
  errorSlo: null,
};
