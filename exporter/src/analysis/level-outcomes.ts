import type { SloSpec } from '../config/spec.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { latencySeconds, ttftSeconds } from '../measure/request-times.js';
import { decideSlo } from '../measure/slo-decision.js';
import { nearestRank } from './bootstrap.js';
import { survivalCurve, survivalQuantile, type Lifetime } from './kaplan-meier.js';
import type { Estimate } from './level-result.js';
import { LevelSample } from './level-sample.js';
import { usableWindows } from './level.js';
import { NO_ESTIMATE } from './quantiles.js';
import { Sample } from './sample.js';
import { shareByConversation } from './share.js';

/** Seconds; Infinity: longer than anything seen; NaN: no data. */
export interface Tail {
  p50: number;
  p95: number;
  p99: number;
}

/** What became of the requests that a level started, failures and unfinished ones included. Needs raw records. */
export interface LevelOutcomes {
  /** Index into the plan's levels. */
  level: number;
  /** Met all latency objectives and did not fail; missed one or failed; outcome never seen. */
  good: number;
  bad: number;
  undecided: number;
  /** good ÷ (good + bad) with interval: all objectives jointly, of the requests started. */
  attainment: Estimate;
  /** Good requests per second. */
  goodputPerSecond: number;
  /** Kaplan–Meier quantiles: what timed out, failed or was still under way counts as longer than its age. */
  ttftSurvival: Tail;
  latencySurvival: Tail;
  /** Quantiles in which every failure counts as infinitely long. */
  ttftWithFailures: Tail;
  latencyWithFailures: Tail;
}

/**
 * Outcomes of the level with this index, over its usable windows; null when it has none. `windows` and `records` may be
 * those of the whole run. Pure.
 */
export function levelOutcomes(
  slo: SloSpec,
  level: number,
  windows: readonly WindowRecord[],
  records: readonly RequestRecord[],
): LevelOutcomes | null {
  const own = windows.filter((window) => window.level === level);
  if (own.length === 0) return null;
  const used = usableWindows(own);
  const sample = new LevelSample(used, records);
  const seconds = used.reduce((sum, window) => sum + window.measureEndedAt - window.measureStartedAt, 0);
  return { level, ...attained(slo, sample, seconds), ...times(sample) };
}

function attained(
  slo: SloSpec,
  sample: LevelSample,
  seconds: number,
): Pick<LevelOutcomes, 'good' | 'bad' | 'undecided' | 'attainment' | 'goodputPerSecond'> {
  const hits = new Sample(sample.started.length + 1);
  let undecided = 0;
  let good = 0;
  for (const record of sample.started) {
    const decision = decideJointly(record, slo, sample.asOf);
    if (decision === null) undecided += 1;
    else hits.add(decision ? 1 : 0, sample.blocks.of(record.conversation));
    if (decision === true) good += 1;
  }
  const attainment = hits.size === 0 ? NO_ESTIMATE : shareByConversation(hits.data, hits.blocks);
  return { good, bad: hits.size - good, undecided, attainment, goodputPerSecond: good / seconds };
}

/** true: finished without failing and within every objective that counts for it; null: not known yet. */
function decideJointly(record: RequestRecord, slo: SloSpec, asOf: number): boolean | null {
  const decisions = slo.latency.map((objective) => decideSlo(record, objective, asOf));
  if (failed(record) || decisions.includes('bad')) return false;
  return record.outcome === 'ok' && !decisions.includes('undecided') ? true : null;
}

/** Failed by itself, not cut by us. */
function failed({ outcome }: RequestRecord): boolean {
  return outcome !== null && outcome !== 'ok' && outcome !== 'aborted';
}

function times(
  sample: LevelSample,
): Pick<LevelOutcomes, 'ttftSurvival' | 'latencySurvival' | 'ttftWithFailures' | 'latencyWithFailures'> {
  const { started, asOf } = sample;
  const ended = started.filter((record) => record.outcome === 'ok' || failed(record));
  return {
    ttftSurvival: survivalTail(started.map((record) => lifetime(record, ttftSeconds(record), asOf))),
    latencySurvival: survivalTail(started.map((record) => lifetime(record, latencySeconds(record), asOf))),
    ttftWithFailures: tailWithFailures(ended.map(ttftSeconds)),
    latencyWithFailures: tailWithFailures(ended.map(latencySeconds)),
  };
}

/**
 * A request without the time in question is censored at the age it was last seen at: under way, timed out, or failed
 * otherwise, which says as little of how long its answer would have taken.
 */
function lifetime(record: RequestRecord, seconds: number, asOf: number): Lifetime {
  if (Number.isFinite(seconds)) return { seconds, happened: true };
  const lastSeen = record.outcome === null ? asOf : record.endedAt;
  return { seconds: lastSeen - record.startedAt, happened: false };
}

function survivalTail(lifetimes: readonly Lifetime[]): Tail {
  const curve = survivalCurve(lifetimes);
  return { p50: survivalQuantile(curve, 0.5), p95: survivalQuantile(curve, 0.95), p99: survivalQuantile(curve, 0.99) };
}

/** Nearest-rank quantiles; NaN values are failures and count as infinite. */
export function tailWithFailures(values: readonly number[]): Tail {
  const sorted = Float64Array.from(values, (value) => (Number.isNaN(value) ? Infinity : value)).sort();
  const at = (q: number): number => sorted[nearestRank(sorted.length, q) - 1] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
