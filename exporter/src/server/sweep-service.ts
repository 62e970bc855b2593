import type { SpecProblem } from '../config/problems.js';
import type { SweepEvent } from '../sweep/events.js';

/** Something wrong with what a caller sent: where it is and what to do about it. */
export type Problem = Pick<SpecProblem, 'path' | 'message' | 'hint'>;

/** Who asked, for the log and the run's record. */
export interface RequestOrigin {
  via: 'sweeps-api' | 'load-api' | 'workload-api';
  /** Address of the client's socket. */
  client: string;
}

/** Reasons not to start or change load, each with its own HTTP status. */
export type Refusal =
  /** 400: the spec is not valid. */
  | { kind: 'problems'; problems: readonly Problem[] }
  /** 409: this run is under way. */
  | { kind: 'busy'; runId: string }
  /** 403: the target's origin is not in the configured allow-list. */
  | { kind: 'forbiddenTarget'; url: string }
  /** 422: valid, but more than this sidecar's ceilings permit. */
  | { kind: 'overCeilings'; problems: readonly Problem[] }
  /** 503: cannot be done here and now, e.g. the output folder is not writable or no target is configured. */
  | { kind: 'unavailable'; message: string; hint: string };

export type RunState = 'running' | 'completed' | 'aborted' | 'interrupted';

export interface RunSummary {
  id: string;
  name: string;
  /** `sweep`: from a spec; `load`: load by hand; `workload`: started through the compatible `/api/workload`. */
  kind: 'sweep' | 'load' | 'workload' | 'import';
  state: RunState;
  /** Why it ended as it did; empty while it runs or when it completed as planned. */
  reason: string;
  /** Seconds since the Unix epoch. */
  startedAt: number;
  endedAt: number | null;
  /** Without user info and query. */
  targetUrl: string;
  model: string | null;
  levels: readonly number[];
  repetitions: number;
  /** Seconds; NaN when it has no planned end. */
  plannedSeconds: number;
}

export interface RunDetail {
  summary: RunSummary;
  /** The parsed `result.json`; null until it has been written. */
  result: unknown;
}

export const REPORT_FORMATS = ['md', 'json', 'csv', 'seed-json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export type ReportOutcome =
  | { kind: 'report'; body: string }
  | { kind: 'unknownRun' }
  /** 409: nothing measured yet. */
  | { kind: 'notReady'; message: string };

export type StartOutcome = { kind: 'started'; runId: string } | Refusal;

export type StopOutcome =
  /** Accepted; the run's end is told by its `end` event. */
  { kind: 'stopping' } | { kind: 'unknownRun' } | { kind: 'notRunning'; state: RunState };

export type LoadOutcome =
  | { kind: 'started' | 'changed' | 'stopped'; runId: string; users: number }
  /** 409: asked for 0 users while no load by hand runs. */
  | { kind: 'notRunning' }
  | Refusal;

/** A sweep's event with its place in the run, counted from 1 without gaps when first sent. */
export interface NumberedEvent {
  seq: number;
  event: SweepEvent;
}

export interface EventSubscription {
  /** True when nothing more will come: the run's `end` event is among those replayed or before them. */
  ended: boolean;
  unsubscribe(): void;
}

/** What the generator that this API is compatible with calls its configuration. */
export interface WorkloadConfig {
  /** Conversation starts per second, over all users. */
  totalRPS: number;
  /** Relative shares: a = conversations, b = summaries of documents, c = reasoning prompts. */
  mix: { a?: number | undefined; b?: number | undefined; c?: number | undefined };
  maxConcurrency: number;
}

export interface WorkloadStat {
  mean: number;
  p50: number;
  p95: number;
}

/** Over a sliding window; times in **milliseconds**, as that API has them; NaN (null in JSON) where nothing was seen. */
export interface WorkloadMetrics {
  windowSec: number;
  requestCount: number;
  errorCount: number;
  actualRPS: number;
  ttft: WorkloadStat;
  itl: WorkloadStat;
  tpot: WorkloadStat;
  latency: WorkloadStat;
  /** Tokens, not milliseconds. */
  outputTokens: WorkloadStat;
  /** Output tokens per second. */
  tops: number;
}

export interface WorkloadStatus {
  running: boolean;
  /** Of the running or the last workload; null before the first. */
  config: WorkloadConfig | null;
  /** Milliseconds since the workload was started; 0 before the first. */
  uptimeMs: number;
  corpus: { chatPassages: number; summarizationDocs: number; reasoningPrompts: number };
  /** null when nothing runs. */
  metrics: WorkloadMetrics | null;
}

export type WorkloadOutcome = { kind: 'running'; config: WorkloadConfig } | { kind: 'notRunning' } | Refusal;

/**
 * What the HTTP server needs from whatever runs sweeps. Bad input and busy states are answers, not exceptions; a
 * rejected promise is a defect and becomes a 500. Target allow-list and ceilings are enforced by the implementation,
 * with `isAllowedTarget` and `ceilingProblems`: only it knows the parsed spec and its plan.
 */
export interface SweepService {
  /** `specInput`: a spec as people write it, from JSON. What it leaves out, or all when undefined, is as configured. */
  startSweep(specInput: unknown, origin: RequestOrigin): Promise<StartOutcome>;
  stopSweep(runId: string): Promise<StopOutcome>;
  /** Newest first. */
  listRuns(): Promise<readonly RunSummary[]>;
  /** null: no such run. */
  getRun(runId: string): Promise<RunDetail | null>;
  report(runId: string, format: ReportFormat): Promise<ReportOutcome>;
  /**
   * Calls the listener with the retained events after `afterSeq`, in order, before it returns, and then with each new
   * one. `EventLog` does this. null: no events are kept of that run, or there is no such run.
   */
  subscribe(runId: string, afterSeq: number, listener: (event: NumberedEvent) => void): EventSubscription | null;
  /** Load by hand: a run of one level, started, changed while it runs, or stopped by 0 users. Busy while a sweep runs. */
  setLoad(load: { users: number }, origin: RequestOrigin): Promise<LoadOutcome>;
  startWorkload(config: WorkloadConfig, origin: RequestOrigin): Promise<WorkloadOutcome>;
  configureWorkload(change: Partial<WorkloadConfig>, origin: RequestOrigin): Promise<WorkloadOutcome>;
  stopWorkload(): Promise<{ kind: 'stopped' } | { kind: 'notRunning' }>;
  status(): WorkloadStatus;
}
