import type { LatencyObjective, SloMetric } from '../config/spec.js';
import type { RequestRecord } from './records.js';
import { latencySeconds, meanGapSeconds, tpotSeconds, ttftSeconds } from './request-times.js';

/** What a request says about an objective; `none`: it does not count (TPOT and ITL of at most one token). */
export type SloDecision = 'good' | 'bad' | 'undecided' | 'none';

const MEASURES: Readonly<Record<SloMetric, (record: RequestRecord) => number>> = {
  ttft: ttftSeconds,
  tpot: tpotSeconds,
  itl: meanGapSeconds,
  latency: latencySeconds,
};

/** What an objective measures of a request, seconds; NaN while unknown, for failures, and where it does not apply. */
export function objectiveSeconds(record: RequestRecord, metric: SloMetric): number {
  return MEASURES[metric](record);
}

/**
 * Decides one request. TTFT is decided at the first token, the others at the end; errors and time-outs miss; a request
 * that is still under way (or that we cut) misses TTFT and latency once its age exceeds the limit and is undecided
 * before. `asOf`: the last moment that was observed, seconds since the run began.
 */
export function decideSlo(record: RequestRecord, objective: LatencyObjective, asOf: number): SloDecision {
  const { metric, seconds } = objective;
  const value = MEASURES[metric](record);
  if (Number.isFinite(value)) return value <= seconds ? 'good' : 'bad';
  const { outcome } = record;
  if (outcome === 'ok') return metric === 'tpot' || metric === 'itl' ? 'none' : 'bad';
  if (outcome !== null && outcome !== 'aborted') return 'bad';
  const seenUntil = Number.isNaN(record.endedAt) ? asOf : record.endedAt;
  const ages = metric === 'ttft' || metric === 'latency';
  return ages && seenUntil - record.startedAt > seconds ? 'bad' : 'undecided';
}
