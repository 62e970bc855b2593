import type { Theme } from './declaration.js';

/** What a picture of a run needs, kept for the newest and the pinned runs and reloaded at start. */
export const RUN_METRICS = {
  loadgen_run_info: {
    type: 'gauge',
    unit: 'none',
    help: 'Always 1: what a retained run is.',
    labels: ['run', 'name', 'model', 'mode', 'workload', 'arrival'],
  },
  loadgen_run_end_timestamp_seconds: {
    type: 'gauge',
    unit: 'epoch seconds',
    help: 'When the run ended; absent while it goes on and after a crash.',
    labels: ['run', 'state'],
  },
  loadgen_slo_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: "Limit of the run's objective: this quantile of this metric must not be above it.",
    labels: ['run', 'slo', 'metric', 'q'],
  },
  loadgen_window_timestamp_seconds: {
    type: 'gauge',
    unit: 'epoch seconds',
    help: 'When a window passed one of its edges; an edge that is still to come is absent.',
    labels: ['run', 'window', 'level', 'repetition', 'edge'],
    example: {
      query: 'last_over_time(loadgen_window_timestamp_seconds{edge="measure_start"}[$__range])',
      tells: 'when each measurement began, exact at any scrape interval',
    },
  },
  loadgen_run_slo_level: {
    type: 'gauge',
    unit: 'none',
    help: 'Level up to which all objectives are met, the first at which one is missed, and the estimate between them.',
    labels: ['run', 'bound'],
    example: {
      query: 'last_over_time(loadgen_run_slo_level{bound="last_pass"}[$__range])',
      tells: 'how many users the deployment serves within its SLO',
    },
  },
  loadgen_run_knee_level: {
    type: 'gauge',
    unit: 'none',
    help: 'Level from which TTFT p50 leaves its base; absent when there is no knee.',
    labels: ['run'],
  },
  loadgen_window_info: {
    type: 'gauge',
    unit: 'none',
    help: 'Always 1: what became of a window; provisional while it is under way.',
    labels: ['run', 'window', 'level', 'repetition', 'verdict', 'cause', 'reason'],
  },
} as const satisfies Theme;
