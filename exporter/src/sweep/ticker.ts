import { every, type Timer } from '../clock/clock.js';
import { runTime } from './edges.js';
import type { SweepParts } from './parts.js';
import { snapshotLifetime } from '../measure/timeline.js';

const EVERY_SECONDS = 1;

export interface TickerOptions {
  progress: () => { ratio: number; remainingSeconds: number };
  /** Called with a sentence when a stop rule holds. */
  stop: (reason: string) => void;
}

/** What has to be done each second while a sweep runs: the live picture, the timeline, the stop rules. */
export class Ticker {
  private readonly timer: Timer;

  constructor(
    private readonly parts: SweepParts,
    private readonly options: TickerOptions,
  ) {
    this.timer = every(parts.clock, EVERY_SECONDS, () => this.tick());
  }

  stop(): void {
    this.timer.cancel();
  }

  private tick(): void {
    const { parts } = this;
    const { state, recorder, live } = parts;
    const at = runTime(parts);
    live.tick();
    recorder.judge.tick(at);
    const { phase, level, load, repetition } = state;
    const inFlight = recorder.inFlight;
    parts.timeline.second({ at, phase, level, load, repetition, inFlight, snapshot: snapshotLifetime(parts.lifetime) });
    const progress = this.options.progress();
    state.progressRatio = progress.ratio;
    state.remainingSeconds = progress.remainingSeconds;
    parts.emit({ type: 'progress', ...progress, phase, load, live: live.stats(recorder) });
    this.applyStopRule();
  }

  private applyStopRule(): void {
    const rule = this.parts.spec.load.stopAfter;
    if (rule === null || rule.errorRate === null || runTime(this.parts) < rule.forSeconds) return;
    const ratio = this.parts.live.errorRatio(rule.forSeconds);
    if (!(ratio > rule.errorRate)) return;
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    this.options.stop(
      `stopAfter: ${percent(ratio)} of the requests of the last ${rule.forSeconds} s failed, the limit is ${percent(rule.errorRate)}`,
    );
  }
}
