import { PerformanceObserver } from 'node:perf_hooks';

/** Seconds spent collecting garbage in this thread since the watch was made. */
export class GcWatch {
  seconds = 0;
  private readonly observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) this.seconds += entry.duration / 1000;
  });

  constructor() {
    this.observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.observer.disconnect();
  }
}
