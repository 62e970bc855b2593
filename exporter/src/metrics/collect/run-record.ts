import type { RUN_METRICS } from '../catalogue/run-record.js';
import type { Collectors } from '../family.js';
import { knownOnly } from './known-only.js';

const UNKNOWN_BOUNDARY = { lastPass: null, firstFail: null, estimate: null };

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
      for (const mark of windows) {
        const window = mark.id;
        const level = String(mark.load);
        const repetition = String(mark.repetition);
        emitKnown(mark.startedAt, { run, window, level, repetition, edge: 'start' });
        emitKnown(mark.measureStartedAt, { run, window, level, repetition, edge: 'measure_start' });
        emitKnown(mark.measureEndedAt, { run, window, level, repetition, edge: 'measure_end' });
        emitKnown(mark.endedAt, { run, window, level, repetition, edge: 'end' });
      }
    }
  },
  loadgen_run_slo_level: (sources, emit) => {
    const emitKnown = knownOnly(emit);
    for (const { run, conclusions } of sources.runs()) {
      const { lastPass, firstFail, estimate } = conclusions?.boundary ?? UNKNOWN_BOUNDARY;
      emitKnown(lastPass ?? NaN, { run, bound: 'last_pass' });
      emitKnown(firstFail ?? NaN, { run, bound: 'first_fail' });
      emitKnown(estimate ?? NaN, { run, bound: 'estimate' });
    }
  },
  loadgen_run_knee_level: (sources, emit) => {
    for (const { run, conclusions } of sources.runs()) knownOnly(emit)(conclusions?.knee ?? NaN, { run });
  },
  loadgen_window_info: (sources, emit) => {
    for (const { run, windows } of sources.runs()) {
      for (const { id: window, load, repetition, verdict, cause, reasons } of windows) {
        const reason = reasons.join(',');
        emit(1, { run, window, level: String(load), repetition: String(repetition), verdict, cause, reason });
      }
    }
  },
};

/** `p95` of 0.95, `p99.9` of 0.999. */
export function quantileLabel(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(12))}`;
}
