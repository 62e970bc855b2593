import { kvHitRatio } from './markdown-telemetry.js';
import type { Figure, LevelFigures, RunResult } from './result-schema.js';

/** One level as the reports of the original load generator have it. */
interface SeedLevel {
  concurrency: number;
  ttft_p50_ms: number | null;
  ttft_p95_ms: number | null;
  kv_hit_rate_pct: number | null;
  error_pct: number | null;
  actual_rps: number | null;
  tops: number | null;
  tpot_p50_ms: number | null;
  tpot_p95_ms: number | null;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
}

function rounded(figure: Figure, scale: number, decimals: number): number | null {
  return figure.value === null ? null : Number((figure.value * scale).toFixed(decimals));
}

const milliseconds = (figure: Figure): number | null => rounded(figure, 1000, 1);

function seedLevel(level: LevelFigures): SeedLevel {
  const hit = kvHitRatio(level);
  return {
    concurrency: level.load,
    ttft_p50_ms: milliseconds(level.ttft.p50),
    ttft_p95_ms: milliseconds(level.ttft.p95),
    kv_hit_rate_pct: hit === null ? null : Number((hit * 100).toFixed(6)),
    error_pct: rounded(level.errorRatio, 100, 6),
    actual_rps: rounded(level.requestsPerSecond, 1, 6),
    tops: rounded(level.outputTokensPerSecond, 1, 6),
    tpot_p50_ms: milliseconds(level.tpot.p50),
    tpot_p95_ms: milliseconds(level.tpot.p95),
    latency_p50_ms: milliseconds(level.latency.p50),
    latency_p95_ms: milliseconds(level.latency.p95),
  };
}

/**
 * The run as the reference data of the original load generator's reports: its keys in its order and no others, so that
 * its scripts read it. Unknown values are null, levels without a valid window are left out; `mode` is the deployment's, `target_rps` the cap on conversation starts.
 */
export function renderSeedJson({ generated, deployment, spec, levels }: RunResult): string {
  const { mode } = deployment;
  const reference = {
    generated,
    mode: mode === undefined ? null : String(mode),
    target_rps: spec.targetRate,
    levels: levels.filter(({ valid }) => valid).map(seedLevel),
  };
  return `${JSON.stringify(reference, null, 2)}\n`;
}
