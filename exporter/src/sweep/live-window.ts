import type { Clock } from '../clock/clock.js';
import type { LifetimeMeasures } from '../measure/lifetime.js';
import { tpotSeconds } from '../measure/request-times.js';
import type { RecordSink, Recorder } from '../measure/recorder.js';
import type { RequestRecord } from '../measure/records.js';
import { SlidingSummary } from '../measure/sliding-summary.js';
import type { LiveStats } from './events.js';

const WINDOW_SECONDS = 10;

interface Second {
  completed: number;
  errors: number;
  tokens: number;
}

/** The last seconds of a run, for the live picture and the stop rules. Takes times of the run (seconds). */
export class LiveWindow implements RecordSink {
  private readonly ttft = new SlidingSummary(WINDOW_SECONDS);
  private readonly tpot = new SlidingSummary(WINDOW_SECONDS);
  private readonly latency = new SlidingSummary(WINDOW_SECONDS);
  private readonly seconds = new Map<number, Second>();
  private lastTokens: number;

  constructor(
    private readonly clock: Clock,
    private readonly originSeconds: number,
    private readonly lifetime: LifetimeMeasures,
    private readonly keepSeconds: number,
  ) {
    this.lastTokens = lifetime.outputTokens;
  }

  started(): void {
    // Starts are counted by the recorder; nothing to keep here.
  }

  firstToken(record: RequestRecord): void {
    this.ttft.add(record.firstTokenAt, record.firstTokenAt - record.startedAt);
  }

  ended(record: RequestRecord): void {
    const second = this.second(record.endedAt);
    second.completed += 1;
    if (record.outcome !== 'ok') {
      second.errors += 1;
      return;
    }
    this.latency.add(record.endedAt, record.completedAt - record.startedAt);
    const tpot = tpotSeconds(record);
    if (!Number.isNaN(tpot)) this.tpot.add(record.endedAt, tpot);
  }

  /** To be called about once a second: books the tokens that came since the last call. */
  tick(): void {
    const now = this.now();
    this.second(now).tokens += this.lifetime.outputTokens - this.lastTokens;
    this.lastTokens = this.lifetime.outputTokens;
    const oldest = Math.floor(now) - Math.max(WINDOW_SECONDS, this.keepSeconds) - 1;
    for (const key of this.seconds.keys()) if (key < oldest) this.seconds.delete(key);
  }

  /** Share of failed requests among those that ended in the last `seconds`; NaN when none ended. */
  errorRatio(seconds: number): number {
    const sum = this.sum(seconds);
    return sum.completed === 0 ? NaN : sum.errors / sum.completed;
  }

  stats(recorder: Recorder): LiveStats {
    const now = this.now();
    const span = Math.min(WINDOW_SECONDS, Math.max(1, Math.floor(now)));
    const sum = this.sum(span);
    return {
      inFlight: recorder.inFlight,
      backoffSlots: recorder.slots.count('backoff'),
      activeConversations: recorder.slots.inConversation,
      ttftP50: this.ttft.quantile(0.5, now),
      ttftP95: this.ttft.quantile(0.95, now),
      tpotP50: this.tpot.quantile(0.5, now),
      latencyP50: this.latency.quantile(0.5, now),
      requestsPerSecond: sum.completed / span,
      outputTokensPerSecond: sum.tokens / span,
      errorRatio: sum.completed === 0 ? NaN : sum.errors / sum.completed,
      oldestUnansweredSeconds: recorder.oldestUnanswered(now),
    };
  }

  /** Whole seconds before the current one. */
  private sum(seconds: number): Second {
    const last = Math.floor(this.now());
    const total: Second = { completed: 0, errors: 0, tokens: 0 };
    for (let key = last - seconds; key < last; key++) {
      const second = this.seconds.get(key);
      if (second === undefined) continue;
      total.completed += second.completed;
      total.errors += second.errors;
      total.tokens += second.tokens;
    }
    return total;
  }

  private second(at: number): Second {
    const key = Math.floor(at);
    const known = this.seconds.get(key);
    if (known !== undefined) return known;
    const fresh: Second = { completed: 0, errors: 0, tokens: 0 };
    this.seconds.set(key, fresh);
    return fresh;
  }

  private now(): number {
    return this.clock.now() - this.originSeconds;
  }
}
