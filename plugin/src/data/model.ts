import type { LatencyMeasure, LevelFigure, Measure } from './roles.js';

export const VERDICTS = ['unknown', 'clean', 'degrading', 'saturated', 'invalid'] as const;
/** The index is the value of `loadgen_level_verdict`. */
export type Verdict = (typeof VERDICTS)[number];

/** One level in one repetition. Times in epoch milliseconds; NaN: not known, or still to come. */
export interface SweepWindow {
  id: string;
  /** Users, or requests per second in open loop. */
  load: number;
  repetition: number;
  startMs: number;
  measureStartMs: number;
  measureEndMs: number;
  endMs: number;
  verdict: Verdict;
  cause: string;
  reason: string;
}

/** A figure with its 95 % interval; NaN: not known. */
export interface Stat {
  point: number;
  lower: number;
  upper: number;
}

export interface Objective {
  /** As in `ttft_p95`. */
  name: string;
  measure: LatencyMeasure;
  q: string;
  limitSeconds: number;
}

/** How a level stands to one objective. */
export interface ObjectiveCheck {
  objective: Objective;
  valueSeconds: number;
  /** null: cannot be told. */
  pass: boolean | null;
}

/** One level of a run, pooled over its windows. */
export interface SweepLevel {
  load: number;
  verdict: Verdict;
  /** `panel`: the exporter gave no verdict, and it was worked out from the figures. */
  verdictFrom: 'exporter' | 'panel';
  cause: string;
  reason: string;
  /** By measure and quantile (`p50`, …). */
  quantiles: Partial<Record<LatencyMeasure, Readonly<Record<string, Stat>>>>;
  figures: Record<LevelFigure, number>;
  /** Share of requests that met the objective, by its name. */
  sloShares: Readonly<Record<string, number>>;
  checks: readonly ObjectiveCheck[];
  /** It is being measured now: its figures are still to come. */
  running: boolean;
}

/** `unknown`: there is nothing to tell it by. `interrupted`: no end, and no samples any more. */
export type RunState = 'running' | 'completed' | 'aborted' | 'interrupted' | 'unknown';

export interface SweepRun {
  /** Unique in the model; the run's id unless two servers have runs of one id. */
  key: string;
  id: string;
  name: string;
  model: string;
  mode: string;
  /** What a load counts: users, or requests per second in open loop. */
  loadUnit: 'users' | 'req/s' | '';
  state: RunState;
  startMs: number;
  /** NaN while it runs, or where the end is not known. */
  endMs: number;
  /** In order of time. */
  windows: readonly SweepWindow[];
  /** By rising load. */
  levels: readonly SweepLevel[];
  objectives: readonly Objective[];
  /** Highest load up to which all objectives are met; null: not even the lowest. NaN: not known. */
  lastPass: number | null;
  /** Lowest load that misses one; null: none. NaN: not known. */
  firstFail: number | null;
  knee: number;
  /** Equal parts of a window's measurement; 0: not known. */
  snapshots: number;
  live: { load: number; phase: string } | null;
}

/** A series over time. The arrays may be the frame's own: never write to them. */
export interface PlottedSeries {
  /** Stays the same from refresh to refresh. */
  key: string;
  measure: Measure;
  q: string | null;
  /** Tells it from others of the same measure and quantile: values of differing labels. */
  tag: string;
  /** As the frame names it; used for foreign series. */
  name: string;
  times: readonly number[];
  values: readonly (number | null)[];
  unit: string | undefined;
  color: string | undefined;
  /** Where it is in the data, for its data links and formatting. */
  source: { frame: number; field: number };
}

/** Something in the data that could not be used. */
export interface Problem {
  code: ProblemCode;
  detail: string;
}
export type ProblemCode =
  | 'no-number'
  | 'not-finite'
  | 'negative'
  | 'out-of-order'
  | 'bad-level'
  | 'duplicate'
  | 'bad-edges'
  | 'sampled-edges'
  | 'clock-skew'
  | 'too-many-series'
  | 'unknown-level-field';

/** Everything that the views draw. Does not depend on the order of frames, fields or rows. */
export interface SweepModel {
  /** By start, oldest first. */
  runs: readonly SweepRun[];
  series: readonly PlottedSeries[];
  problems: readonly Problem[];
  /** The newest sample, epoch milliseconds; NaN without any. */
  newestMs: number;
}
