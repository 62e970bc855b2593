import type { Theme } from './declaration.js';

/** What the sweep is doing right now. */
export const LIVE_METRICS = {
  loadgen_level: {
    type: 'gauge',
    unit: 'none',
    help: 'Current level: users, or requests per second in open loop; 0 without load.',
    labels: ['run'],
    example: {
      query: 'loadgen_level and on (run, job, instance) loadgen_phase{phase="measure"} == 1',
      tells: 'the level while it is being measured',
    },
  },
  loadgen_phase: {
    type: 'gauge',
    unit: 'none',
    help: '1 for the phase that the sweep is in, 0 for every other.',
    labels: ['run', 'phase'],
  },
  loadgen_snapshot: {
    type: 'gauge',
    unit: 'none',
    help: 'Snapshot of the measurement that is under way, from 1; 0 outside of measurements.',
    labels: ['run'],
  },
  loadgen_repetition: {
    type: 'gauge',
    unit: 'none',
    help: 'Repetition of the sweep that is under way, from 1; 0 without a sweep.',
    labels: ['run'],
  },
  loadgen_progress_ratio: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the planned sweep that is done.',
    labels: ['run'],
  },
  loadgen_inflight_requests: {
    type: 'gauge',
    unit: 'none',
    help: 'Requests under way.',
    labels: ['run'],
  },
  loadgen_backoff_slots: {
    type: 'gauge',
    unit: 'none',
    help: 'Users that wait after an error before they start anew.',
    labels: ['run'],
  },
  loadgen_active_conversations: {
    type: 'gauge',
    unit: 'none',
    help: 'Conversations that have begun and not ended.',
    labels: ['run'],
  },
  loadgen_oldest_unanswered_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Age of the oldest request without a first token, 0 when none waits; a total stall shows here, where no TTFT exists.',
    labels: ['run'],
  },
  loadgen_alerts_muted: {
    type: 'gauge',
    unit: 'none',
    help: '1 while a sweep drives the server beyond the levels that the spec has alerts for.',
    labels: ['run'],
  },
} as const satisfies Theme;
