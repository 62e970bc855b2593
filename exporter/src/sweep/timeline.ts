import type { LifetimeMeasures } from '../measure/lifetime.js';
import type { HistogramSnapshot } from '../measure/log-histogram.js';
import type { WindowRecord } from '../measure/records.js';
import type { Phase } from './events.js';

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
  phase: Phase;
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
  const { ttft, tpot, interChunk, duration } = lifetime.histograms;
  return {
    counters: {
      started: lifetime.started,
      ok: lifetime.requests.reduce((sum, counts) => sum + counts.ok, 0),
      errors: lifetime.requests.reduce((sum, counts) => sum + counts.error, 0),
      outputTokens: lifetime.outputTokens,
      inputTokens: lifetime.inputTokens,
    },
    histograms: {
      ttft: ttft.snapshot(),
      tpot: tpot.snapshot(),
      interChunk: interChunk.snapshot(),
      duration: duration.snapshot(),
    },
  };
}
