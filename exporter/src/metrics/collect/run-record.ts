import type { RUN_METRICS } from '../catalogue/run-record.js';
import type { Collectors } from '../family.js';
import { knownOnly } from './known-only.js';

/** Where the metrics of retained runs come from. */
export const collectRunRecords: Collectors<typeof RUN_METRICS> = {
  loadgen_run_info: (sources, emit) => {
    for (const { run, info } of sources.runs()) emit(1, { run, ...info });
  },
  loadgen_run_end_timestamp_seconds: (sources, emit) => {
    for (const { run, end } of sources.runs()) {
      if (end !== null) knownOnly(emit)(end.epochSeconds, { run, state: end.state });
    }
  },
  loadgen_slo_seconds: (sources, emit) => {
    for (const { run, objectives } of sources.runs()) {
      for (const { name, metric, quantile, seconds } of objectives) {
        emit(seconds, { run, slo: name, metric, q: quantileLabel(quantile) });
      }
    }
  },
  loadgen_window_timestamp_seconds: (sources, emit) => {
    const emitKnown = knownOnly(emit);
    for (const { run, windows } of sources.runs()) {
      for (const window of windows) {
        const labels = { run, window: window.id, level: String(window.load), repetition: String(window.repetition) };
        emitKnown(window.startedAt, { ...labels, edge: 'start' });
        emitKnown(window.measureStartedAt, { ...labels, edge: 'measure_start' });
        emitKnown(window.measureEndedAt, { ...labels, edge: 'measure_end' });
        emitKnown(window.endedAt, { ...labels, edge: 'end' });
      }
    }
  },
  loadgen_window_info: (sources, emit) => {
    for (const { run, windows } of sources.runs()) {
      for (const { id, load, repetition, verdict, cause, reasons } of windows) {
        const place = { run, window: id, level: String(load), repetition: String(repetition) };
        emit(1, { ...place, verdict, cause, reason: reasons.join(',') });
      }
    }
  },
};

/** `p95` of 0.95, `p99.9` of 0.999. */
export function quantileLabel(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(12))}`;
}
