import type { SloMetric } from '../config/spec.js';
import type { Estimate, LevelResult, QuantileSet } from './level-result.js';

/** A level by what is read from it most; NaN where its source did not say. Seconds, per second, ratios. */
export interface LevelPoint {
  load: number;
  ttftP50: number;
  /** Successful requests per second: throughput that users got. */
  okPerSecond: number;
  /** All completions per second, failures included. */
  requestsPerSecond: number;
  errorRatio: number;
}

/** Levels by ascending load. */
export function byLoad<T extends { load: number }>(levels: readonly T[]): T[] {
  return levels.toSorted((a, b) => a.load - b.load);
}

/** What there is of a level; successful throughput is derived from all completions where only those are known. */
export function pointOf(level: LevelResult): LevelPoint {
  const { load, requestsPerSecond, errorRatio } = level;
  return {
    load,
    ttftP50: level.ttft.p50.value,
    okPerSecond: firstKnown(level.okPerSecond, requestsPerSecond * (1 - errorRatio), requestsPerSecond),
    requestsPerSecond: firstKnown(requestsPerSecond, level.okPerSecond / (1 - errorRatio)),
    errorRatio,
  };
}

/** Throughput in the unit that is known: successful requests, else output tokens per second. */
export function throughputOf(level: LevelResult): number {
  return firstKnown(pointOf(level).okPerSecond, level.outputTokensPerSecond);
}

export function firstKnown(...values: readonly number[]): number {
  return values.find((value) => Number.isFinite(value)) ?? NaN;
}

const QUANTILE_NAMES: Readonly<Record<number, 'p50' | 'p90' | 'p95' | 'p99'>> = {
  0.5: 'p50',
  0.9: 'p90',
  0.95: 'p95',
  0.99: 'p99',
};

/** The estimate of a metric's quantile; null where no such quantile is kept. */
export function quantileOf(level: LevelResult, metric: SloMetric, quantile: number): Estimate | null {
  const name = QUANTILE_NAMES[quantile];
  const set: QuantileSet = level[metric];
  return name === undefined ? null : set[name];
}

/** Little's law as far as a level's figures allow: exact from records, else from mean or median latency. */
export interface LittleReading {
  ratio: number;
  from: 'records' | 'mean latency' | 'median latency';
  /** Consistent within what its source allows. */
  plausible: boolean;
}

const EXACT = { least: 0.9, most: 1.1 };
/** Medians stand in for means, think time is not known: published consistent runs lie within 0.88–1.10. */
const ROUGH = { least: 0.8, most: 1.25 };

/** null in open loop, where a level is no number of users, and where throughput or latency is unknown. */
export function littleReading(level: LevelResult, closed: boolean): LittleReading | null {
  if (!closed) return null;
  const { requestsPerSecond } = pointOf(level);
  if (Number.isFinite(level.littleRatio)) return reading(level.littleRatio, 'records', EXACT);
  const { mean, p50 } = level.latency;
  if (Number.isFinite(mean.value)) {
    const ratio = (requestsPerSecond * mean.value) / level.load;
    return Number.isFinite(ratio) ? reading(ratio, 'mean latency', ROUGH) : null;
  }
  const ratio = (requestsPerSecond * p50.value) / level.load;
  return Number.isFinite(ratio) ? reading(ratio, 'median latency', ROUGH) : null;
}

function reading(ratio: number, from: LittleReading['from'], { least, most }: typeof EXACT): LittleReading {
  return { ratio, from, plausible: ratio >= least && ratio <= most };
}
