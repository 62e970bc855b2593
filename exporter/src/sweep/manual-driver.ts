import { sleep } from '../clock/clock.js';
import type { WindowRecord } from '../measure/records.js';
import { drain } from './driver.js';
import { runTime } from './edges.js';
import { newMarks, type LevelStep } from './level-steps.js';
import { assembleWindow, windowEdge } from './measure-window.js';
import type { SweepParts } from './parts.js';

const LOOK_SECONDS = 0.1;
const BY_HAND = { steady: false, reason: 'load set by hand: no warm-up', seconds: 0 } as const;

/**
 * Load by hand: holds the users that were last asked for until stopped. Each stretch of constant load is kept as a
 * window of a level of its own; `levels` grows by one with each change.
 */
export class ManualDriver {
  readonly levels: number[] = [];
  readonly windows: WindowRecord[] = [];
  private wanted: number;

  constructor(
    private readonly parts: SweepParts,
    users: number,
  ) {
    this.wanted = users;
  }

  /** Changes the number of users; taken up within a tenth of a second. */
  setUsers(users: number): void {
    this.wanted = users;
  }

  async run(): Promise<WindowRecord[]> {
    const { state, signal } = this.parts;
    state.repetition = 1;
    while (!signal.aborted && this.wanted > 0) this.windows.push(await this.stretch(this.wanted));
    state.phase = 'drain';
    await drain(this.parts);
    state.phase = 'idle';
    return this.windows;
  }

  private async stretch(users: number): Promise<WindowRecord> {
    const { parts } = this;
    const level = this.levels.push(users) - 1;
    const step: LevelStep = { repetition: 1, level, load: users, window: `r1-l${level + 1}` };
    const marks = newMarks(step);
    parts.state.windows.push(marks);
    parts.state.level = level;
    parts.state.load = users;
    parts.state.phase = 'measure';
    parts.load.setLevel({
      level,
      repetition: 1,
      load: users,
      rampSeconds: parts.spec.load.rampSeconds ?? parts.firstRampSeconds,
    });
    parts.emit({ type: 'phase', phase: 'measure', repetition: 1, level, load: users, snapshot: 1, at: runTime(parts) });
    const first = await windowEdge(parts, step, 'measure_start');
    marks.startedAt = first.at;
    marks.measureStartedAt = first.at;
    while (this.wanted === users && !parts.signal.aborted) await sleep(parts.clock, LOOK_SECONDS, parts.signal);
    const last = await windowEdge(parts, step, 'measure_end');
    marks.measureEndedAt = last.at;
    marks.endedAt = last.at;
    const window = assembleWindow(parts, step, marks, BY_HAND, first, last);
    parts.timeline.window(window);
    parts.emit({ type: 'window', window });
    return window;
  }
}
