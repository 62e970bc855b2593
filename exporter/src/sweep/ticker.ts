import type { Timer } from '../clock/clock.js';
import { runTime } from './edges.js';
import type { SweepParts } from './parts.js';
import { snapshotLifetime } from './timeline.js';

const EVERY_SECONDS = 1;

export interface TickerOptions {
  progress: () => { ratio: number; remainingSeconds: number };
  /** Called with a sentence when a stop rule holds. */
  stop: (reason: string) => void;
}

/** What has to be done each second while a sweep runs: the live picture, the timeline, the stop rules. */
export class Ticker {
  private timer: Timer | null = null;
  private nextAt: number;

  constructor(
    private readonly parts: SweepParts,
    private readonly options: TickerOptions,
  ) {
    this.nextAt = parts.clock.now() + EVERY_SECONDS;
    this.arm();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private arm(): void {
    this.timer = this.parts.clock.timer(this.nextAt - this.parts.clock.now(), () => {
      this.nextAt = Math.max(this.nextAt + EVERY_SECONDS, this.parts.clock.now());
      this.arm();
      this.tick();
    });
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
    if (rule === null || runTime(this.parts) < rule.forSeconds) return;
    const ratio = this.parts.live.errorRatio(rule.forSeconds);
    if (!(ratio > rule.errorRate)) return;
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    this.options.stop(
      `stopAfter: ${percent(ratio)} of the requests of the last ${rule.forSeconds} s failed, the limit is ${percent(rule.errorRate)}`,
    );
  }
}
