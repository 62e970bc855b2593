import type { Phase } from './events.js';

/** A window's edges as they become known, seconds since the run began (NaN: not reached). */
export interface WindowMarks {
  id: string;
  level: number;
  load: number;
  repetition: number;
  startedAt: number;
  measureStartedAt: number;
  measureEndedAt: number;
  endedAt: number;
}

/** What a running sweep is doing now: written by the driver, read by `/metrics` and the live pictures. */
export class RunState {
  phase: Phase = 'idle';
  /** Index into the plan's levels; −1 between levels. */
  level = -1;
  /** Users or requests per second that are offered now. */
  load = 0;
  /** 1-based within the measurement; 0 outside. */
  snapshot = 0;
  /** 1-based; 0 before the first. */
  repetition = 0;
  progressRatio = 0;
  remainingSeconds = NaN;
  readonly windows: WindowMarks[] = [];

  constructor(
    readonly runId: string,
    /** Unix time of the run's beginning, seconds. */
    readonly startedEpoch: number,
    private readonly alertUpTo: number | null,
  ) {}

  /** Alerts are muted during a sweep, but not at levels that production is expected to bear. */
  get alertsMuted(): boolean {
    if (this.phase === 'idle' || this.phase === 'probe') return false;
    return this.alertUpTo === null || this.load > this.alertUpTo;
  }
}
