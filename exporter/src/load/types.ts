import type { Arrival } from '../config/spec.js';
import type { ObservationBatch } from '../measure/observations.js';
import type { TargetStats } from '../target/types.js';

/** What a load worker has to know; structured-clonable. */
export interface LoadPlan {
  /** Begins every X-Request-Id of the run. */
  requestPrefix: string;
  /** `Clock.now()` at the run's beginning: all observed times count from here. */
  originSeconds: number;
  arrival: Arrival;
  /** Gamma arrivals only: the shape of the gaps. */
  burstiness: number;
  /** Cap on conversation starts per second over all workers; null: none. */
  targetRate: number | null;
  /** Open loop: most requests under way over all workers. */
  maxInFlight: number;
  seed: number;
  /** 0, or how often the run was resumed: conversations of each segment are new ones. */
  segment: number;
  worker: number;
  workers: number;
}

/** A level as the load sees it: `load` is users (closed loop) or requests per second (open loop), over all workers. */
export interface LevelTarget {
  level: number;
  repetition: number;
  load: number;
  /** New users start spread evenly over this many seconds. */
  rampSeconds: number;
}

/** State of a load thread, sent about once a second. Seconds; NaN where the runtime can't tell. */
export interface WorkerHealth {
  worker: number;
  stats: TargetStats;
  /** Counts of stamping delay since the last message, in the buckets of `StampDelayCounts`. */
  stampDelayCounts: Uint32Array;
  eventLoopLagP50: number;
  eventLoopLagP99: number;
  eventLoopLagMax: number;
  /** Share of the time since the last message in which the loop was busy, 0–1. */
  utilization: number;
  /** CPU time of the thread since it began, seconds. */
  cpuSeconds: number;
}

export type LoadCommand =
  | { type: 'level'; target: LevelTarget }
  | { type: 'barrier'; id: number }
  | { type: 'rate'; perSecond: number | null }
  | { type: 'cut' }
  | { type: 'close' };

export type LoadMessage =
  | { type: 'batch'; batch: ObservationBatch }
  | { type: 'barrier'; id: number }
  | { type: 'health'; health: WorkerHealth }
  | { type: 'failed'; message: string };

/** Where a load's messages go. Batches of one worker come in order; a barrier's answer comes after what it fenced. */
export interface LoadListener {
  onBatch(batch: ObservationBatch): void;
  onHealth(health: WorkerHealth): void;
  /** The load itself broke (not the server): the sweep can't go on. */
  onFailure(message: string): void;
}

/** The load of a sweep, wherever its workers run. */
export interface Load {
  /** Makes this level the current one; users are added or retired, none is interrupted. */
  setLevel(target: LevelTarget): void;
  /** Changes the cap on conversation starts per second, over all workers (closed loop). */
  setTargetRate(perSecond: number | null): void;
  /** Resolves once all events stamped before the call have been handed to the listener. */
  barrier(): Promise<void>;
  /** Ends all requests under way at once (outcome `aborted`) and retires all users. */
  cut(): void;
  close(): Promise<void>;
}
