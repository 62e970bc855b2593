import type { WorkerHealth } from '../load/types.js';
import { stampDelayQuantile, STAMP_DELAY_BUCKETS } from '../target/stamp-delay.js';
import type { TargetStats } from '../target/types.js';
import type { ReadThrottledSeconds } from './host-facts.js';

/** How the load generator itself fares, as its threads tell: for the validity gate and for `/metrics`. */
export class ClientHealth {
  private readonly workers = new Map<number, WorkerHealth>();
  private windowDelays = new Uint32Array(STAMP_DELAY_BUCKETS);
  private recentDelays: Uint32Array = new Uint32Array(STAMP_DELAY_BUCKETS);
  private throttledAt = { seconds: NaN, at: NaN };
  private throttledShare = NaN;

  /** `now` in `Clock.now()` seconds, for the share of throttled time. */
  constructor(
    private readonly readThrottled: ReadThrottledSeconds,
    private readonly now: () => number,
  ) {}

  receive(health: WorkerHealth): void {
    this.workers.set(health.worker, health);
    addStampDelays(this.windowDelays, health.stampDelayCounts);
    if (health.worker === 0) this.recentDelays = Uint32Array.from(health.stampDelayCounts);
    else addStampDelays(this.recentDelays, health.stampDelayCounts);
    this.noteThrottling();
  }

  /** p99 of the stamping delay since the last call, over all load threads, seconds; NaN without a chunk. */
  takeStampDelayP99(): number {
    const p99 = stampDelayQuantile(this.windowDelays, 0.99);
    this.windowDelays = new Uint32Array(STAMP_DELAY_BUCKETS);
    return p99;
  }

  throttledSeconds(): number {
    return this.readThrottled();
  }

  /** Share of the last seconds in which the kernel held us back, 0–1; NaN unknown. */
  get throttledRatio(): number {
    return this.throttledShare;
  }

  /** Over about the last second, seconds. */
  stampDelay(): { p50: number; p99: number; max: number } {
    const of = (q: number): number => stampDelayQuantile(this.recentDelays, q);
    return { p50: of(0.5), p99: of(0.99), max: of(1) };
  }

  /** Of the slowest load thread over about the last second, seconds. */
  eventLoopLag(): { p50: number; p99: number; max: number } {
    const worst = (read: (health: WorkerHealth) => number): number =>
      [...this.workers.values()].map(read).reduce((a, b) => (Number.isNaN(a) || b > a ? b : a), NaN);
    return {
      p50: worst((health) => health.eventLoopLagP50),
      p99: worst((health) => health.eventLoopLagP99),
      max: worst((health) => health.eventLoopLagMax),
    };
  }

  /** CPU time of the load threads, seconds. */
  workerCpuSeconds(): number {
    return [...this.workers.values()].reduce((sum, health) => sum + health.cpuSeconds, 0);
  }

  connections(): TargetStats {
    const sum = (read: (stats: TargetStats) => number): number =>
      [...this.workers.values()].reduce((total, health) => total + read(health.stats), 0);
    return {
      socketsOpen: sum((stats) => stats.socketsOpen),
      socketsWaiting: sum((stats) => stats.socketsWaiting),
      connects: sum((stats) => stats.connects),
      connectSecondsSum: sum((stats) => stats.connectSecondsSum),
      requests: sum((stats) => stats.requests),
      reusedRequests: sum((stats) => stats.reusedRequests),
    };
  }

  private noteThrottling(): void {
    const at = this.now();
    const seconds = this.readThrottled();
    if (at - this.throttledAt.at < 1) return;
    this.throttledShare = (seconds - this.throttledAt.seconds) / (at - this.throttledAt.at);
    this.throttledAt = { seconds, at };
  }
}

function addStampDelays(sum: Uint32Array, counts: Uint32Array): void {
  counts.forEach((count, bucket) => {
    sum[bucket]! += count;
  });
}
