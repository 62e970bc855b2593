import type { LatencyObjective, SloSpec } from '../config/spec.js';
import type { LevelResult, SloShare } from './level-result.js';
import { quantileOf } from './level-reading.js';
import { wilsonShare } from './share.js';

/** An objective at a level: whether it passes, and by how much. */
export interface SloReading {
  slo: string;
  load: number;
  /** null: not known. */
  pass: boolean | null;
  /** Share of requests that met it; NaN unknown. With interval. */
  share: { value: number; lower: number; upper: number };
  required: number;
  /** The quantile ÷ its limit, with interval; NaN unknown. Above 1: missed. */
  ofLimit: { value: number; lower: number; upper: number };
}

const UNKNOWN = { value: NaN, lower: NaN, upper: NaN };

/** Name of the objective on the share of failed requests. */
export const ERRORS = 'errors';

/** All objectives of a spec at one level, latency objectives first. */
export function sloReadings(level: LevelResult, slo: SloSpec): SloReading[] {
  const latency = slo.latency.map((objective) => latencyReading(level, objective));
  return slo.errorRatio === null ? latency : [...latency, errorReading(level, slo.errorRatio)];
}

/** The objective nearest to its limit, or furthest beyond: margin = 1 − quantile ÷ limit. */
export function bindingSlo(readings: readonly SloReading[]): { slo: string; margin: number } | null {
  let binding: { slo: string; margin: number } | null = null;
  for (const { slo, ofLimit } of readings) {
    const margin = 1 - ofLimit.value;
    if (!Number.isNaN(margin) && (binding === null || margin < binding.margin)) binding = { slo, margin };
  }
  return binding;
}

/** Decided by the share of requests where it is known, else by the quantile, which failures beyond 1 − q put out of reach. */
function latencyReading(level: LevelResult, objective: LatencyObjective): SloReading {
  const { name, metric, quantile, seconds } = objective;
  const share = level.slo.find(({ slo }) => slo === name);
  const estimate = quantileOf(level, metric, quantile);
  const ofLimit = estimate === null ? UNKNOWN : divided(estimate, seconds);
  return {
    slo: name,
    load: level.load,
    pass: passes(level, share, ofLimit.value, quantile),
    share: share !== undefined && share.share.n > 0 ? share.share : UNKNOWN,
    required: quantile,
    ofLimit,
  };
}

function passes(level: LevelResult, share: SloShare | undefined, ofLimit: number, quantile: number): boolean | null {
  if (!level.valid) return null;
  if (share !== undefined && share.pass !== null) return share.pass;
  if (level.errorRatio > 1 - quantile) return false;
  return Number.isNaN(ofLimit) ? null : ofLimit <= 1;
}

function errorReading(level: LevelResult, limit: number): SloReading {
  const { errorRatio, completed, ok } = level;
  const value = 1 - errorRatio;
  return {
    slo: ERRORS,
    load: level.load,
    pass: level.valid && Number.isFinite(errorRatio) ? errorRatio <= limit : null,
    share: completed > 0 && ok >= 0 ? wilsonShare(ok, completed) : { ...UNKNOWN, value },
    required: 1 - limit,
    ofLimit: limit > 0 ? { value: errorRatio / limit, lower: NaN, upper: NaN } : UNKNOWN,
  };
}

function divided(
  { value, lower, upper }: { value: number; lower: number; upper: number },
  by: number,
): SloReading['ofLimit'] {
  return { value: value / by, lower: lower / by, upper: upper / by };
}
