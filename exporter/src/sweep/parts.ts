import type { Clock } from '../clock/clock.js';
import type { SweepSpec } from '../config/spec.js';
import type { Load } from '../load/types.js';
import type { LifetimeMeasures } from '../measure/lifetime.js';
import type { Recorder } from '../measure/recorder.js';
import type { WindowRecord } from '../measure/records.js';
import type { ClientHealth } from './client-health.js';
import type { SweepEvent } from './events.js';
import type { ServerSide } from './server-side.js';
import type { LiveWindow } from './live-window.js';
import type { RunState } from './run-state.js';
import type { TimelineSink } from '../measure/timeline.js';

/** All that the driver of a sweep works with; made by the session, replaced by virtual ones in tests. */
export interface SweepParts {
  spec: SweepSpec;
  clock: Clock;
  /** `Clock.now()` at the run's beginning. */
  originSeconds: number;
  load: Load;
  recorder: Recorder;
  lifetime: LifetimeMeasures;
  live: LiveWindow;
  health: ClientHealth;
  state: RunState;
  timeline: TimelineSink;
  /** What the servers' own metrics add to windows and levels; absent: nothing. */
  serverSide?: ServerSide;
  emit: (event: SweepEvent) => void;
  /** Asks the server to forget its prefix cache, and waits for nothing; absent: not wanted. */
  resetCache?: (load: number) => void;
  /** Ramp of the very first users, seconds, where the spec leaves it open: one conversation as the checks found it. */
  firstRampSeconds: number;
  /** When the sweep is stopped: how long requests under way may still take, seconds. */
  stopDeadlineSeconds: number;
  /** Windows that an interrupted run has already completed. */
  kept: readonly WindowRecord[];
  /** Aborted when the sweep has to stop; the reason is a sentence for people. */
  signal: AbortSignal;
}
