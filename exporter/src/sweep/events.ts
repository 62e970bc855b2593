import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { WindowRecord } from '../measure/records.js';

export const PHASES = ['idle', 'prime', 'warmup', 'measure', 'cooldown', 'drain', 'probe'] as const;
export type Phase = (typeof PHASES)[number];

/** What goes on right now; sent about once a second. Seconds; NaN where nothing was seen yet. */
export interface LiveStats {
  inFlight: number;
  backoffSlots: number;
  activeConversations: number;
  /** Over the last seconds (a short sliding window). */
  ttftP50: number;
  ttftP95: number;
  tpotP50: number;
  latencyP50: number;
  requestsPerSecond: number;
  outputTokensPerSecond: number;
  errorRatio: number;
  oldestUnansweredSeconds: number;
}

/** Everything a sweep tells the outside, in order. The terminal, `--json` and the event stream are fed from it. */
export type SweepEvent =
  | {
      type: 'start';
      runId: string;
      runDir: string;
      levels: readonly number[];
      repetitions: number;
      plannedSeconds: number;
    }
  | {
      type: 'phase';
      phase: Phase;
      repetition: number;
      level: number;
      load: number;
      snapshot: number;
      /** Seconds since the run began. */
      at: number;
    }
  | { type: 'progress'; ratio: number; remainingSeconds: number; phase: Phase; load: number; live: LiveStats }
  | { type: 'window'; window: WindowRecord }
  /** A level has ended; its figures, and what all levels so far let conclude. */
  | { type: 'level'; result: LevelResult; analysis: RunAnalysis }
  | { type: 'note'; severity: 'info' | 'warning' | 'error'; message: string }
  | { type: 'end'; state: 'completed' | 'aborted'; reason: string; runDir: string };
