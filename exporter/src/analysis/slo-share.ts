import type { LatencyObjective, SloMetric } from '../config/spec.js';
import { tpotSeconds } from '../measure/lifetime.js';
import type { RequestRecord } from '../measure/records.js';
import type { SloShare } from './level-result.js';
import { latencySeconds, meanGapSeconds, ttftSeconds } from './request-times.js';
import { Sample, type BlockNumbers } from './sample.js';
import { shareByConversation } from './share.js';

/** What a request says about an objective; `none`: it does not count (TPOT and ITL of at most one token). */
export type SloDecision = 'good' | 'bad' | 'undecided' | 'none';

const MEASURES: Readonly<Record<SloMetric, (record: RequestRecord) => number>> = {
  ttft: ttftSeconds,
  tpot: tpotSeconds,
  itl: meanGapSeconds,
  latency: latencySeconds,
};

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

/** Attainment of one objective over the requests that were started in the windows; no verdict from an invalid level. */
export function sloShare(
  started: readonly RequestRecord[],
  objective: LatencyObjective,
  asOf: number,
  blocks: BlockNumbers,
  valid: boolean,
): SloShare {
  const hits = new Sample(started.length + 1);
  let good = 0;
  let undecided = 0;
  for (const record of started) {
    const decision = decideSlo(record, objective, asOf);
    if (decision === 'good') good += 1;
    if (decision === 'undecided') undecided += 1;
    if (decision === 'good' || decision === 'bad')
      hits.add(decision === 'good' ? 1 : 0, blocks.of(record.conversation));
  }
  const share = shareByConversation(hits.data, hits.blocks);
  return {
    slo: objective.name,
    good,
    bad: hits.size - good,
    undecided,
    share,
    required: objective.quantile,
    pass: !valid || hits.size === 0 ? null : good >= objective.quantile * hits.size - 1e-9,
  };
}
