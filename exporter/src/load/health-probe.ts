import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { HttpTarget } from '../target/http-target.js';
import type { WorkerHealth } from './types.js';

const RESOLUTION_MS = 10;
const NANOS = 1e9;

/** Watches the thread it lives in; each `take` tells of the time since the one before. */
export class HealthProbe {
  private readonly loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private utilization = performance.eventLoopUtilization();

  constructor(
    private readonly worker: number,
    private readonly target: HttpTarget,
  ) {
    this.loopDelay.enable();
  }

  take(): WorkerHealth {
    const utilization = performance.eventLoopUtilization(this.utilization).utilization;
    this.utilization = performance.eventLoopUtilization();
    const { worker, loopDelay } = this;
    const lag = (nanos: number): number => Math.max(0, nanos / NANOS - RESOLUTION_MS / 1000);
    const seen = loopDelay.count > 0;
    const health: WorkerHealth = {
      worker,
      stats: this.target.stats(),
      stampDelayCounts: this.target.stampDelays.take(),
      eventLoopLagP50: seen ? lag(loopDelay.percentile(50)) : NaN,
      eventLoopLagP99: seen ? lag(loopDelay.percentile(99)) : NaN,
      eventLoopLagMax: seen ? lag(loopDelay.max) : NaN,
      utilization,
      cpuSeconds: threadCpuSeconds(),
    };
    loopDelay.reset();
    return health;
  }
}

/** Clock ticks a second in /proc on every Linux that Node runs on. */
const TICKS = 100;

/** User and system time of the calling thread, seconds, as Linux tells it; NaN elsewhere. */
function threadCpuSeconds(): number {
  try {
    const stat = readFileSync('/proc/thread-self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return NaN; // no /proc: not Linux
  }
}
