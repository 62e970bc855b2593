import type { SloCertificate } from './early-stopping.js';
import type { LevelOutcomes } from './level-outcomes.js';

/** What a level is judged to be; the index is the value of `loadgen_level_verdict`. */
export const VERDICTS = ['unknown', 'clean', 'degrading', 'saturated', 'invalid'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Why a level is degraded, saturated or not to be used, as the server's and our own signals tell it. */
export const CAUSES = [
  'admission_limit',
  'queue',
  'kv_pressure',
  'prefill',
  'memory_bound',
  'compute_bound',
  'speculation_useless',
  'worker_imbalance',
  'client',
  'cache_contaminated',
  'restart',
] as const;
export type Cause = (typeof CAUSES)[number];

/** A cause with the numbers that decided, in words. */
export interface NamedCause {
  cause: Cause;
  text: string;
}

/** Numbers behind a verdict; NaN where unknown. Seconds and ratios. */
export interface VerdictNumbers {
  /** TTFT p50 ÷ that of the lowest valid level. */
  ttftRatio: number;
  /** Throughput gained per user added, (ΔX/X)/(ΔN/N), against the best lower level. */
  gainPerUser: number;
  /** Errors, client time-outs included, ÷ completions. */
  errorRatio: number;
  /** Client time-outs ÷ completions: censored times. */
  censoredRatio: number;
  /** TTFT that a slot limit of the run would explain, (N − S)/X + the TTFT before it; NaN without a limit. */
  predictedTtftSeconds: number;
}

/** One level's verdict. */
export interface LevelJudgement {
  /** Index into the plan's levels. */
  level: number;
  /** Users, or requests per second in open loop. */
  load: number;
  verdict: Verdict;
  /** In words, with the numbers that decided. */
  reason: string;
  /** The same as codes: `ttft`, `throughput`, `errors`, an objective's name, or a failed gate; empty for a clean level. */
  codes: string[];
  numbers: VerdictNumbers;
  /** The objective nearest to its limit, or furthest beyond: margin = 1 − quantile ÷ limit; null without objectives. */
  bindingSlo: { slo: string; margin: number } | null;
  /** Most important first; empty for a healthy level or where nothing is known. */
  causes: NamedCause[];
  /** Which objectives its requests prove, and how many would; empty where shares are not known. */
  certificates: SloCertificate[];
  /** Goodput, and times with failures counted; null without raw records. */
  outcomes: LevelOutcomes | null;
}

/** Between which loads a search has proven that the objectives stop being met. Loads; null: none yet, NaN: unknown. */
export type SearchedBoundary = Pick<SloBoundary, 'lastPass' | 'firstFail' | 'estimate'>;

/** Between which loads an objective stops being met. Loads; NaN where unknown. */
export interface SloBoundary {
  /** An objective's name, or `all`. */
  slo: string;
  /** Highest load up to which every level passes; null: not even the lowest does. */
  lastPass: number | null;
  /** Lowest failing load; null: none failed. */
  firstFail: number | null;
  /**
   * Where the isotonic fit (of the share, or of quantile ÷ limit where only quantiles are known) crosses what is required;
   * NaN: not within the loads tested. With its 95 % interval: resampled within the levels' intervals, and from last pass to
   * first fail at least.
   */
  estimate: number;
  lower: number;
  upper: number;
}

/** The load from which TTFT rises: flat before, a straight line after. */
export interface Knee {
  load: number;
  lower: number;
  upper: number;
  /** Seconds of TTFT p50 added per user beyond the knee. */
  slopeSecondsPerUser: number;
  baseSeconds: number;
  /** F statistic against a straight line, and its probability under it. */
  f: number;
  p: number;
  /** Of the line minus of the hinge; positive favours the hinge. */
  bicGain: number;
}

/** Another method's opinion; it may refuse. */
export interface SecondOpinion {
  method: 'usl' | 'kneedle';
  /** Load of the maximum or knee; null when refused or not found. */
  load: number | null;
  /** Why there is no opinion; null when there is one. */
  refused: string | null;
  /** What it found, in words with its numbers. */
  text: string;
}

/** A claim about the run, computed from its data, most important first in its list. */
export interface Finding {
  kind: string;
  text: string;
}

/** Everything that is concluded from a run's levels. Pure data, goes into `result.json`. */
export interface RunAnalysis {
  levels: LevelJudgement[];
  /** Load of the first saturated level; null: none. */
  firstSaturated: number | null;
  /** Per objective, and first `all` together. */
  boundaries: SloBoundary[];
  knee: Knee | null;
  /** Why there is no knee; null when there is one. */
  kneeRefused: string | null;
  opinions: SecondOpinion[];
  /** Slots at once that the waiting times speak for; advertised: what the server says of itself, null unknown. */
  slotLimit: { slots: number; lower: number; upper: number; advertised: number | null } | null;
  /** Throughput flat from the first level on. */
  serial: { requestsPerSecond: number; text: string } | null;
  /** Censoring, survivor bias, small samples: what may mislead. */
  warnings: Finding[];
  findings: Finding[];
  /** The run in one or two sentences. */
  summary: string;
}
