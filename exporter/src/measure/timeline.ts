import type { LifetimeMeasures } from './lifetime.js';
import { diffSnapshots, type HistogramSnapshot } from './log-histogram.js';
import type { WindowRecord } from './records.js';

export type HistogramName = 'ttft' | 'tpot' | 'interChunk' | 'duration';
export type HistogramSnapshots = Record<HistogramName, HistogramSnapshot>;

/** Counters of the process at one moment; differences of two give what happened between. */
export interface CounterSnapshot {
  started: number;
  ok: number;
  errors: number;
  outputTokens: number;
  inputTokens: number;
}

export interface LifetimeSnapshot {
  counters: CounterSnapshot;
  histograms: HistogramSnapshots;
}

export interface SecondEntry {
  /** Seconds since the run began. */
  at: number;
  phase: string;
  level: number;
  load: number;
  repetition: number;
  inFlight: number;
  snapshot: LifetimeSnapshot;
}

export interface EdgeEntry {
  at: number;
  window: string;
  edge: 'start' | 'measure_start' | 'measure_end' | 'end';
  level: number;
  repetition: number;
  /** What the lifetime measures hold of all events before `at`. */
  snapshot: LifetimeSnapshot;
}

/** Where the course of a run is kept as it happens. */
export interface TimelineSink {
  second(entry: SecondEntry): void;
  edge(entry: EdgeEntry): void;
  window(window: WindowRecord): void;
}

export function snapshotLifetime(lifetime: LifetimeMeasures): LifetimeSnapshot {
  return {
    counters: {
      started: lifetime.started,
      ok: lifetime.requests.reduce((sum, counts) => sum + counts.ok, 0),
      errors: lifetime.requests.reduce((sum, counts) => sum + counts.error, 0),
      outputTokens: lifetime.outputTokens,
      inputTokens: lifetime.inputTokens,
    },
    histograms: mapHistograms((name) => lifetime.histograms[name].snapshot()),
  };
}

const HISTOGRAMS: readonly HistogramName[] = ['ttft', 'tpot', 'interChunk', 'duration'];

/** What happened between two snapshots. */
export function diffLifetime(later: LifetimeSnapshot, earlier: LifetimeSnapshot): LifetimeSnapshot {
  const counters = Object.keys(later.counters) as (keyof CounterSnapshot)[];
  return {
    counters: Object.fromEntries(
      counters.map((name) => [name, later.counters[name] - earlier.counters[name]]),
    ) as unknown as CounterSnapshot,
    histograms: mapHistograms((name) => diffSnapshots(later.histograms[name], earlier.histograms[name])),
  };
}

/** One value for each histogram. */
export function mapHistograms<T>(make: (name: HistogramName) => T): Record<HistogramName, T> {
  return Object.fromEntries(HISTOGRAMS.map((name) => [name, make(name)])) as Record<HistogramName, T>;
}
