import type { ClientHealth as HealthReading } from '../metrics/sources.js';
import type { ClientHealth } from '../sweep/client-health.js';
import { GcWatch } from './gc-watch.js';
import type { ReadThrottledSeconds } from '../sweep/host-facts.js';

const NO_CONNECTIONS = {
  socketsOpen: 0,
  socketsWaiting: 0,
  connects: 0,
  connectSecondsSum: 0,
  requests: 0,
  reusedRequests: 0,
};
const UNKNOWN = { p50: NaN, p99: NaN, max: NaN };

/** How this process fares, as `/metrics` shows it: the load threads of the latest run, and the process itself. */
export class ClientHealthView {
  private readonly gc = new GcWatch();
  private known: ClientHealth | null = null;
  /** CPU seconds of the load threads of earlier runs, and of the latest one when last asked. */
  private earlierCpu = 0;
  private latestCpu = 0;

  constructor(
    private readonly latest: () => ClientHealth | null,
    private readonly readThrottled: ReadThrottledSeconds,
  ) {}

  read(): HealthReading {
    const health = this.latest();
    const { user, system } = process.cpuUsage();
    const worker = this.workerCpu(health);
    return {
      stampDelay: health?.stampDelay() ?? UNKNOWN,
      eventLoopLag: health?.eventLoopLag() ?? UNKNOWN,
      cpuSeconds: { main: (user + system) / 1e6 - worker, worker },
      throttledSeconds: this.readThrottled(),
      throttledRatio: health?.throttledRatio ?? NaN,
      gcSeconds: this.gc.seconds,
      connections: health?.connections() ?? NO_CONNECTIONS,
    };
  }

  /** Over all runs: each run has threads of its own, and a counter may not fall. */
  private workerCpu(health: ClientHealth | null): number {
    if (health !== this.known) {
      this.earlierCpu += this.latestCpu;
      this.latestCpu = 0;
      this.known = health;
    }
    this.latestCpu = health?.workerCpuSeconds() ?? 0;
    return this.earlierCpu + this.latestCpu;
  }
}
