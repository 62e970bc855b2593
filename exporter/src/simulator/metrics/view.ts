import { sumStatistics, type EngineStatistics, type HistogramState } from '../engine/statistics.js';
import type { EngineConfig, EngineLoad, EngineWorker } from '../engine/types.js';
import type { WorkerSample } from './sampler.js';

/** One worker at the time of a scrape. */
export interface WorkerView {
  index: number;
  load: EngineLoad;
  statistics: EngineStatistics;
  config: EngineConfig;
  /** What it did in the last whole second; null in the first one. */
  sample: WorkerSample | null;
}

/** Everything that an exposition is made of. */
export interface MetricsView {
  model: string;
  maxModelLen: number;
  /** Epoch seconds. */
  startedAt: number;
  now: number;
  workers: readonly [WorkerView, ...WorkerView[]];
  own: OwnHealth;
}

/** The simulator's own health: what a benchmark reads to know whether it kept up. */
export interface OwnHealth {
  lag: HistogramState;
  counters: { tokensWritten: number };
  /** User and system time of the process; null: in virtual time there is none, and reading it costs more than the page. */
  cpuSeconds: (() => number) | null;
}

/** All workers as if they were one: counts added, KV usage averaged. */
export function together(view: MetricsView): EngineWorker & { load(): EngineLoad } {
  const [first, ...others] = view.workers;
  const sum = (pick: (load: EngineLoad) => number): number =>
    view.workers.reduce((total, { load }) => total + pick(load), 0);
  return {
    load: () => ({
      frontEnd: sum(({ frontEnd }) => frontEnd),
      waiting: sum(({ waiting }) => waiting),
      running: sum(({ running }) => running),
      kvUsage: sum(({ kvUsage }) => kvUsage) / view.workers.length,
    }),
    statistics:
      others.length === 0
        ? first.statistics
        : sumStatistics([first.statistics, ...others.map(({ statistics }) => statistics)]),
  };
}

/** One worker's own page, as if it were a server by itself. */
export function alone(view: MetricsView, worker: WorkerView): MetricsView {
  return { ...view, workers: [{ ...worker, index: 0 }] };
}
