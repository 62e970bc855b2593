import type { LevelResult } from 'sweepscope/dist/analysis/level-result.js';
import type { PublishedLevel } from './figures.js';

/** What the simulated server told of a level, as a real one would on /metrics. Ratios 0–1; NaN: not told. */
export interface ServerFigures {
  running: number;
  waiting: number;
  kvPeak: number;
  kvHitRatio: number;
  /** NaN: it was not published. */
  publishedKvHitRatio: number;
  /** Running requests of the fullest worker beyond the emptiest, mean. */
  workerSpread: number;
  acceptance: number;
  gpuUtilization: number;
}

export function serverFigures({ telemetry }: LevelResult, published: PublishedLevel): ServerFigures {
  return {
    running: telemetry?.requestsRunning.mean ?? NaN,
    waiting: telemetry?.requestsWaiting.mean ?? NaN,
    kvPeak: telemetry?.kvUsage.peak ?? NaN,
    kvHitRatio: telemetry?.kvHitRatio ?? NaN,
    publishedKvHitRatio: (published.kv_hit_rate_pct ?? NaN) / 100,
    workerSpread: telemetry?.workerRunningSpread.mean ?? NaN,
    acceptance: telemetry?.specAcceptanceRatio ?? NaN,
    gpuUtilization: telemetry?.gpuUtilization.mean ?? NaN,
  };
}

/** In one line, what is known of it. */
export function serverText(figures: ServerFigures): string {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  const known = (value: number, text: string): string[] => (Number.isNaN(value) ? [] : [text]);
  const { running, waiting, kvPeak, kvHitRatio, publishedKvHitRatio, workerSpread, acceptance, gpuUtilization } =
    figures;
  const published = known(publishedKvHitRatio, ` / ${percent(publishedKvHitRatio)}`).join('');
  return [
    ...known(running, `running ${running.toFixed(1)}`),
    ...known(waiting, `waiting ${waiting.toFixed(1)}`),
    ...known(kvPeak, `KV up to ${percent(kvPeak)}`),
    ...known(kvHitRatio, `KV hit ${percent(kvHitRatio)}${published}`),
    ...known(workerSpread, `spread of workers ${workerSpread.toFixed(1)}`),
    ...known(acceptance, `drafts accepted ${percent(acceptance)}`),
    ...known(gpuUtilization, `GPU ${percent(gpuUtilization)}`),
  ].join(', ');
}
