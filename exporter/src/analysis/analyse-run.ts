import type { Arrival, SloSpec } from '../config/spec.js';
import { isCauseOfHealthy } from './cause.js';
import { withWaiting, type RunWaiting } from './cause-of-waiting.js';
import { biasWarnings } from './bias-warnings.js';
import { certify, type SloCertificate } from './early-stopping.js';
import { keyFindings, summarise, type FindingsInput } from './findings.js';
import { findKnee, type KneeFound } from './knee.js';
import type { LevelOutcomes } from './level-outcomes.js';
import { byLoad, littleReading, pointOf, throughputOf } from './level-reading.js';
import type { LevelResult } from './level-result.js';
import type { LevelJudgement, NamedCause, RunAnalysis, SearchedBoundary, SecondOpinion } from './run-analysis.js';
import { kneedleOpinion, uslOpinion } from './second-opinions.js';
import { detectSerialService } from './serial-service.js';
import { neverKnown, sloBoundaries } from './slo-boundary.js';
import { bindingSlo, sloReadings } from './slo-reading.js';
import { inferSlotLimit, type SlotLimit } from './slot-limit.js';
import { DEFAULT_THRESHOLDS, type AnalysisThresholds } from './thresholds.js';
import { judgeLevel } from './verdict-rules.js';

/** What a run's analysis is made from: its levels' figures; of imported runs most of them NaN. */
export interface RunAnalysisInput {
  /** In any order. */
  levels: readonly LevelResult[];
  slo: SloSpec;
  arrival: Arrival;
  thresholds?: AnalysisThresholds;
  /** The client's time-out of a whole request; Infinity where unknown. */
  totalTimeoutSeconds: number;
  /** Requests that the server says it serves at once, over all its workers; null unknown. */
  advertisedSlots: number | null;
  /** Of the levels of which raw records exist. */
  outcomes?: readonly LevelOutcomes[];
  /** By level index, what the server's own signals tell; most important first. */
  causes?: ReadonlyMap<number, readonly NamedCause[]>;
  /** What the run's SLO search has proven so far; null: there was none, or nothing yet. */
  searched?: SearchedBoundary | null;
}

/** Everything that can be concluded from a run's levels so far. Pure and total: what is not known is NaN, null or refused. */
export function analyseRun(input: RunAnalysisInput): RunAnalysis {
  const { slo, arrival, thresholds = DEFAULT_THRESHOLDS, totalTimeoutSeconds } = input;
  const closed = arrival === 'closed';
  const all = byLoad(input.levels);
  const usable = all.filter((level) => level.valid && (littleReading(level, closed)?.plausible ?? true));
  const found = closed ? inferSlotLimit(usable.map(pointOf).filter(({ errorRatio }) => !(errorRatio > 0.9))) : null;
  const limit = found === null ? null : settled(found, input.advertisedSlots);
  const serial = closed ? detectSerialService(usable, thresholds.flatThroughput) : null;
  const judgements = all.map((level) => judge(level, usable, input, thresholds, { limit, serial }));
  const { knee, refused } = findRunKnee(usable, thresholds, closed);
  const readings = usable.map((level) => sloReadings(level, slo));
  const part = {
    boundaries: sloBoundaries(readings, input.searched),
    knee,
    slotLimit: found === null ? null : { ...slotFigures(found), advertised: input.advertisedSlots },
    serial,
    firstSaturated: judgements.find(({ verdict }) => verdict === 'saturated')?.load ?? null,
    opinions: secondOpinions(usable, closed),
  };
  const whole = usable.filter(({ errorRatio }) => !(errorRatio >= thresholds.errorRatio));
  const told: FindingsInput = { ...part, levels: usable, whole, judgements, closed };
  return {
    ...part,
    levels: judgements,
    kneeRefused: refused,
    warnings: biasWarnings({
      levels: all,
      judgements,
      boundaries: part.boundaries,
      unknownSlos: neverKnown(readings),
      closed,
      totalTimeoutSeconds,
      thresholds,
    }),
    findings: keyFindings(told),
    summary: summarise(told),
  };
}

/** The server's own number where the waiting times agree with it: then it is the better one to predict with. */
function settled(limit: SlotLimit, advertised: number | null): SlotLimit {
  const agrees = advertised !== null && advertised >= Math.floor(limit.lower) && advertised <= Math.ceil(limit.upper);
  return agrees ? { ...limit, slots: advertised } : limit;
}

function slotFigures({ slots, lower, upper }: SlotLimit): Pick<SlotLimit, 'slots' | 'lower' | 'upper'> {
  return { slots, lower, upper };
}

function judge(
  level: LevelResult,
  usable: readonly LevelResult[],
  { slo, arrival, outcomes = [], causes }: RunAnalysisInput,
  thresholds: AnalysisThresholds,
  waiting: RunWaiting,
): LevelJudgement {
  const below = usable.filter((other) => other.load < level.load && throughputOf(other) > 0);
  const bestBelow = below.reduce<LevelResult | null>(
    (a, b) => (a === null || throughputOf(b) > throughputOf(a) ? b : a),
    null,
  );
  const lowest = usable.find(({ ttft }) => ttft.p50.value > 0) ?? null;
  const readings = sloReadings(level, slo);
  const judged = judgeLevel(level, {
    closed: arrival === 'closed',
    thresholds,
    lowest,
    bestBelow,
    slotLimit: waiting.limit,
    readings,
  });
  const named = causes?.get(level.level) ?? [];
  const unwell = judged.verdict === 'degrading' || judged.verdict === 'saturated';
  return {
    level: level.level,
    load: level.load,
    ...judged,
    bindingSlo: bindingSlo(readings),
    causes: unwell ? withWaiting(named, level, waiting) : named.filter(isCauseOfHealthy),
    certificates: certificatesOf(level),
    outcomes: outcomes.find((other) => other.level === level.level) ?? null,
  };
}

function certificatesOf({ slo }: LevelResult): SloCertificate[] {
  return slo
    .filter(({ good, bad }) => good + bad > 0)
    .map(({ slo: name, good, bad, required }) => certify(name, required, good + bad, bad));
}

/** From TTFT p50 of the levels whose failures do not distort it. */
function findRunKnee(usable: readonly LevelResult[], thresholds: AnalysisThresholds, closed: boolean): KneeFound {
  const kept = usable.filter(({ errorRatio }) => !(errorRatio >= thresholds.kneeErrorRatio));
  const points = kept.map(({ load, ttft }) => ({ load, seconds: ttft.p50.value }));
  return findKnee(points, thresholds, closed);
}

/** USL from output tokens where every level knows them, since a few long requests weigh less in them; else from requests. */
function secondOpinions(usable: readonly LevelResult[], closed: boolean): SecondOpinion[] {
  const tokens = usable.every(({ outputTokensPerSecond }) => outputTokensPerSecond > 0);
  const rate = (level: LevelResult): number => (tokens ? level.outputTokensPerSecond : throughputOf(level));
  const flowing = usable.filter((level) => rate(level) > 0);
  const timed = usable.filter(({ ttft }) => Number.isFinite(ttft.p50.value));
  const loads = flowing.map(({ load }) => load);
  return [
    uslOpinion(loads, flowing.map(rate), tokens ? 'tokens/s' : 'requests/s', closed),
    kneedleOpinion(
      timed.map(({ load }) => load),
      timed.map(({ ttft }) => ttft.p50.value),
      closed,
    ),
  ];
}
