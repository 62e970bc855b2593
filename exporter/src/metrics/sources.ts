import type { LevelResult } from '../analysis/level-result.js';
import type { Cause, Verdict } from '../analysis/run-analysis.js';
import type { Arrival, LatencyObjective, WorkloadSpec } from '../config/spec.js';
import type { BucketHistogram } from '../measure/log-histogram.js';
import type { ConversationOutcome } from '../measure/observations.js';
import type { ErrorClass, TargetStats } from '../target/types.js';

/** What `/metrics` reads when it is scraped; nothing is pushed, so a series that has no source any more is gone. */
export interface MetricSources {
  /** Seconds of the clock that observations were stamped with; ends the sliding windows. */
  now(): number;
  requests: RequestMeasures;
  live(): LiveState;
  /** Newest and pinned runs, the one under way included. */
  runs(): readonly RetainedRun[];
  health(): ClientHealth;
  /** In the order of the spec. */
  upstreams(): readonly UpstreamState[];
  build: BuildInfo;
}

/** A sliding window of one measure, seconds. */
export interface SummaryReading {
  /** NaN when the window that ends at `nowSeconds` is empty. */
  quantile(q: number, nowSeconds: number): number;
  /** Over the life of the process. */
  readonly sum: number;
  readonly count: number;
}

/** A measure over all turns, and by type of turn (`initial`, `followup`). */
export interface SummarySetReading {
  readonly all: SummaryReading;
  readonly byType: readonly SummaryReading[];
}

/** Counted over the life of the process. `LifetimeMeasures` is one. */
export interface RequestMeasures {
  readonly summaries: Readonly<Record<'ttft' | 'tpot' | 'itl' | 'latency', SummarySetReading>>;
  readonly histograms: Readonly<Record<'ttft' | 'tpot' | 'interChunk' | 'duration', BucketHistogram>>;
  /** Ended requests by type of turn: `initial`, `followup`. */
  readonly requests: readonly { readonly ok: number; readonly error: number }[];
  readonly errors: Readonly<Record<ErrorClass, number>>;
  readonly conversations: Readonly<Record<ConversationOutcome, number>>;
  /** By name of the objective. */
  readonly sloEvents: ReadonlyMap<string, { readonly good: number; readonly bad: number }>;
  readonly started: number;
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly arrivalsDropped: number;
}

/** Values of the label `phase`. */
export const PHASE_LABELS = ['idle', 'prime', 'warmup', 'measure', 'cooldown', 'drain', 'probe'] as const;

/** What goes on now. NaN: not known. */
export interface LiveState {
  /** Id of the run under way, else of the last one; empty before the first. */
  run: string;
  phase: (typeof PHASE_LABELS)[number];
  /** Users, or requests per second in open loop; 0 without load. */
  level: number;
  /** From 1; 0 outside of measurements. */
  snapshot: number;
  /** From 1; 0 without a sweep. */
  repetition: number;
  progressRatio: number;
  inFlight: number;
  backoffSlots: number;
  activeConversations: number;
  /** 0 when no request waits for its first token. */
  oldestUnansweredSeconds: number;
  alertsMuted: boolean;
}

/** One run as it is shown. */
export interface RetainedRun {
  run: string;
  info: { name: string; model: string; mode: string; workload: WorkloadSpec['kind']; arrival: Arrival };
  end: { state: 'completed' | 'aborted'; epochSeconds: number } | null;
  objectives: readonly LatencyObjective[];
  /** In order of time; ids are unique. */
  windows: readonly WindowMark[];
  /** Of levels that have ended. Where two have the same load, the later one is shown. */
  levels: readonly LevelResult[];
  /** What they let conclude so far; null where the run's record has none. */
  conclusions: Conclusions | null;
}

/** What a run's analysis says, as far as it is shown. Loads; null: none, or not known. */
export interface Conclusions {
  levels: readonly { load: number; verdict: Verdict }[];
  /** Of all objectives together; null without objectives. */
  boundary: Readonly<Record<'lastPass' | 'firstFail' | 'estimate', number | null>> | null;
  knee: number | null;
}

/** Edges (Unix epoch seconds, NaN: still to come) and state of one window. */
export interface WindowMark {
  id: string;
  /** Users, or requests per second in open loop. */
  load: number;
  /** From 1. */
  repetition: number;
  startedAt: number;
  measureStartedAt: number;
  measureEndedAt: number;
  endedAt: number;
  verdict: Verdict;
  cause: Cause | 'none' | 'unknown';
  /** Codes of failed gates, else of what decided the level's verdict; empty: nothing against it so far. */
  reasons: readonly string[];
}

/** A scraped server, GPU exporter or Prometheus as it stands. NaN: never. */
export interface UpstreamState {
  upstream: string;
  engine: string;
  /** null: not asked yet. */
  up: boolean | null;
  scrapeSeconds: number;
  lastSuccessEpoch: number;
  /** Roles that its engine may tell, and whether its last answer did. */
  roles: readonly { role: string; present: boolean }[];
  /** Of its last answer, in base units; empty while it is down. */
  values: readonly { role: string; replica: string; device: string; value: number }[];
  raw: readonly RawSeries[];
}

/** A sample passed through. */
export interface RawSeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Seconds over a short sliding time; NaN: not known. */
export interface Spread {
  p50: number;
  p99: number;
  max: number;
}

/** How the load generator itself fares. NaN: this machine can't tell, and the series is left out. */
export interface ClientHealth {
  stampDelay: Spread;
  /** Of the slowest load thread. */
  eventLoopLag: Spread;
  /** User and system, since the process began. */
  cpuSeconds: { main: number; worker: number };
  /** Since the process began. */
  throttledSeconds: number;
  throttledRatio: number;
  /** Since the process began. */
  gcSeconds: number;
  /** Over all workers. */
  connections: TargetStats;
}

export interface BuildInfo {
  version: string;
  node: string;
}
