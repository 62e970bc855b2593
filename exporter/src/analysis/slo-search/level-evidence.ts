import type { LatencyObjective, SloSpec } from '../../config/spec.js';
import type { RequestRecord } from '../../measure/records.js';
import { decideSlo, objectiveSeconds } from '../../measure/slo-decision.js';
import { ERROR_OBJECTIVE } from '../../measure/slo-judge.js';
import { BlockNumbers } from '../sample.js';
import type { Span } from '../window-cut.js';
import { designEffect, type Outcomes } from './design-effect.js';

/** Of the requests that are counted, this share may still be undecided; each counts against whatever is to be proven. */
const MOST_UNDECIDED = 0.01;

/** What a stretch of constant load says about one objective. Counts are requests started in it. */
export interface ObjectiveEvidence {
  /** An objective's name, or `errors`. */
  slo: string;
  /** Share of the requests that has to meet it. */
  required: number;
  good: number;
  bad: number;
  /** Counted, but not decided by the end; few, and held against either claim. */
  undecided: number;
  /** Dependent requests that are worth one independent one; at least 1. */
  designEffect: number;
  /** ln(observed quantile ÷ limit): below 0 it meets the objective; ±Infinity or NaN where that cannot be said. */
  strain: number;
}

/** What a stretch of constant load says about all objectives. */
export interface LevelEvidence {
  objectives: ObjectiveEvidence[];
  /** Mean seconds from a request's start to its end; NaN while none has ended well. */
  turnover: number;
  /** Requests started and decided for the objective that has the fewest. */
  samples: number;
}

/**
 * The evidence of the requests that were started in the spans, as it stood at `asOf` (seconds since the run began): what
 * happened later is not looked at, so that the same records give the same evidence at any later time. `records` in the
 * order of their starts.
 */
export function levelEvidence(
  records: readonly RequestRecord[],
  spans: readonly Span[],
  slo: SloSpec,
  asOf: number,
): LevelEvidence {
  const seen: RequestRecord[] = [];
  for (const record of records) {
    if (record.level >= 0 && spans.some(({ from, to }) => record.startedAt >= from && record.startedAt < to))
      seen.push(asSeenAt(record, asOf));
  }
  const turnover = meanTurnover(seen);
  const blocks = new BlockNumbers();
  const objectives = slo.latency.map((objective) =>
    objectiveEvidence(objective.name, objective.quantile, judgeLatency(seen, objective, asOf), blocks, turnover),
  );
  if (slo.errorRatio !== null) {
    objectives.push(objectiveEvidence(ERROR_OBJECTIVE, 1 - slo.errorRatio, judgeErrors(seen), blocks, turnover));
  }
  return { objectives, turnover, samples: Math.min(...objectives.map(({ good, bad }) => good + bad)) };
}

/** The record without what happened after `asOf`. */
function asSeenAt(record: RequestRecord, asOf: number): RequestRecord {
  if (record.endedAt <= asOf) return record;
  const firstTokenAt = record.firstTokenAt <= asOf ? record.firstTokenAt : NaN;
  return { ...record, firstTokenAt, completedAt: NaN, endedAt: NaN, outputTokens: NaN, outcome: null };
}

function meanTurnover(records: readonly RequestRecord[]): number {
  let [sum, count] = [0, 0];
  for (const { outcome, startedAt, endedAt } of records) {
    if (outcome !== 'ok') continue;
    sum += endedAt - startedAt;
    count += 1;
  }
  return sum / count;
}

/** One request's part in an objective; `value`: its measure ÷ the limit, Infinity for a miss without one. */
interface Judged {
  record: RequestRecord;
  decision: 'good' | 'bad' | 'undecided';
  value: number;
}

function judgeLatency(seen: readonly RequestRecord[], objective: LatencyObjective, asOf: number): Judged[] {
  return seen.flatMap((record): Judged[] => {
    const decision = decideSlo(record, objective, asOf);
    if (decision === 'none') return [];
    const measured = objectiveSeconds(record, objective.metric) / objective.seconds;
    return [{ record, decision, value: Number.isNaN(measured) ? Infinity : measured }];
  });
}

function judgeErrors(seen: readonly RequestRecord[]): Judged[] {
  return seen.flatMap((record): Judged[] => {
    if (record.outcome === 'aborted') return [];
    const decision = record.outcome === null ? 'undecided' : record.outcome === 'ok' ? 'good' : 'bad';
    return [{ record, decision, value: NaN }];
  });
}

function objectiveEvidence(
  slo: string,
  required: number,
  judged: readonly Judged[],
  blocks: BlockNumbers,
  turnover: number,
): ObjectiveEvidence {
  const counted = judged.slice(0, decidedUpTo(judged));
  const decided = counted.filter(({ decision }) => decision !== 'undecided');
  const outcomes: Outcomes = {
    hits: Float64Array.from(decided, ({ decision }) => (decision === 'good' ? 1 : 0)),
    strains: Float64Array.from(decided, ({ value }) => Math.log(value)),
    conversations: Uint32Array.from(decided, ({ record }) => blocks.of(record.conversation)),
    startedAt: Float64Array.from(decided, ({ record }) => record.startedAt),
  };
  const good = outcomes.hits.reduce((sum, hit) => sum + hit, 0);
  return {
    slo,
    required,
    good,
    bad: decided.length - good,
    undecided: counted.length - decided.length,
    designEffect: designEffect(outcomes, required, turnover),
    strain: strainOf(decided, required),
  };
}

/**
 * How many requests, in order of their starts, are all decided but for a few: to count the quick ones among the latest
 * would favour them. The prefix always ends on a decided request.
 */
function decidedUpTo(judged: readonly Judged[]): number {
  let undecided = 0;
  let upTo = 0;
  judged.forEach(({ decision }, index) => {
    if (decision === 'undecided') undecided += 1;
    else if (undecided <= MOST_UNDECIDED * (index + 1)) upTo = index + 1;
  });
  return upTo;
}

function strainOf(decided: readonly Judged[], required: number): number {
  const values = Float64Array.from(decided, ({ value }) => value).sort();
  const rank = Math.ceil(required * values.length - 1e-9);
  return rank < 1 ? NaN : Math.log(values[rank - 1]!);
}
