import type { Arrival } from '../../config/spec.js';
import type { LevelResult } from '../level-result.js';
import type { Sample } from '../sample.js';

/** What two runs are compared by, level by level. Times in seconds, rates per second, errors as a ratio. */
export const COMPARED_FIGURES = [
  'ttft_p50',
  'ttft_p95',
  'tpot_p50',
  'tpot_p95',
  'itl_p50',
  'itl_p95',
  'latency_p50',
  'latency_p95',
  'output_tokens_per_second',
  'ok_per_second',
  'error_ratio',
] as const;
export type ComparedFigure = (typeof COMPARED_FIGURES)[number];

/** Raw observations of a level, from which differences get honest intervals. */
export interface LevelObservations {
  ttft: Sample;
  tpot: Sample;
  latency: Sample;
  /** Means over equal slices of the measurement, per second; empty where it is too short to slice. */
  outputTokensBySlice: Float64Array;
  okBySlice: Float64Array;
}

/** One level of a run to be compared. */
export interface ComparedLevel {
  result: LevelResult;
  /** Definition that each figure follows, by its id. */
  definitions: Record<ComparedFigure, string>;
  /** null: only figures are known. */
  observations: LevelObservations | null;
}

/** What has to be known of a run to say whether its figures may be held against another's. */
export interface ComparedRun {
  id: string;
  name: string;
  /** null: measured by us. */
  tool: string | null;
  model: string | null;
  url: string | null;
  endpoint: string | null;
  arrival: Arrival;
  workload: { kind: string; description: string; seed: number | null };
  /** In words; empty without. */
  objectives: string;
  deployment: Readonly<Record<string, string | number | boolean>>;
  /** The machine that made the load, in words; null unknown. */
  loadGenerator: string | null;
  repetitions: number;
  levels: readonly ComparedLevel[];
}

export interface CompareOptions {
  /** Differences within ± this share are none that matter (errors: as a difference of shares, a fifth of it). */
  leastEffect: number;
  /** From this share of failures on, times are those of the survivors. */
  errorLimit: number;
  /** A time above this factor of the base's is a collapse. */
  collapseFactor: number;
}

export const DEFAULT_COMPARE: CompareOptions = { leastEffect: 0.05, errorLimit: 0.05, collapseFactor: 3 };

/** One thing that is the same or not in both runs. */
export interface ComparabilityItem {
  what: string;
  base: string;
  candidate: string;
  /**
   * `same`; `changed`: what an A/B is about; `caution`: may explain a difference; `unknown`: one side does not tell;
   * `blocks`: the figures mean different things.
   */
  status: 'same' | 'changed' | 'caution' | 'unknown' | 'blocks';
  /** What follows from it; empty when nothing does. */
  note: string;
}

/** Why a pair of figures may not be held against each other. */
export type Incomparable = 'survivors' | 'invalid' | 'definitions' | 'unknown' | 'workload' | 'arrival';

/** What is concluded from a pair of figures. */
export type FigureVerdict = 'better' | 'worse' | 'no difference' | 'underpowered' | 'no interval' | 'not comparable';

/** One figure of one level in both runs. NaN where unknown. */
export interface FigureComparison {
  figure: ComparedFigure;
  base: number;
  candidate: number;
  /** Candidate ÷ base − 1; of errors candidate − base. */
  difference: number;
  /** 95 % interval of the difference, for this figure alone. */
  lower: number;
  upper: number;
  /** Where the interval comes from: resampled conversations, slices of the measurement, the figures' own intervals, none. */
  method: 'bootstrap' | 'slices' | 'intervals' | 'none';
  /** Probability of such a difference if there were none; adjusted (Holm) over all figures that were tested. */
  p: number;
  adjustedP: number;
  /** The smallest difference that would be found in four of five such comparisons. */
  detectable: number;
  verdict: FigureVerdict;
  /** Set where the verdict is `not comparable`. */
  why: Incomparable | null;
}

export interface LevelComparison {
  load: number;
  figures: FigureComparison[];
  /** Share of failures of each side; NaN unknown. */
  baseErrors: number;
  candidateErrors: number;
  /** What to bear in mind: repetitions left out, a warm-up that was not steady. */
  notes: string[];
}

export interface CompareFinding {
  kind:
    | 'collapse'
    | 'errors'
    | 'survivors'
    | 'worse'
    | 'better'
    | 'slo'
    | 'underpowered'
    | 'same'
    | 'no_interval'
    | 'invalid';
  text: string;
}

export type OverallVerdict =
  'better' | 'worse' | 'mixed' | 'no difference' | 'underpowered' | 'no interval' | 'not comparable';

/** Two runs held against each other. Pure data. */
export interface RunComparison {
  base: { id: string; name: string };
  candidate: { id: string; name: string };
  options: CompareOptions;
  comparability: ComparabilityItem[];
  /** By ascending load. */
  levels: LevelComparison[];
  /** Loads that only one of them measured. */
  onlyBase: number[];
  onlyCandidate: number[];
  /** Figures that went into the correction for testing many. */
  tested: number;
  verdict: OverallVerdict;
  /** In a sentence. */
  reason: string;
  /** Most important first. */
  findings: CompareFinding[];
  /** Why this counts as a regression; empty: it does not. */
  regressions: string[];
}

/** The runs share no level. The message says which they have. */
export class NoCommonLevels extends Error {
  override readonly name = 'NoCommonLevels';
}
