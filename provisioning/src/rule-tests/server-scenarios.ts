import type { Scenario } from './scenario.js';
import { counter, gauge, own, type InputSeries, type Stretch } from './series.js';

const WITHIN = 240;
const UP = own('up', gauge([1, 1200]));
const server = { upstream: 's:8000', engine: 'vllm', replica: '0', device: '' };

const upstream = (name: string, ...stretches: Stretch[]): InputSeries =>
  own(`loadgen_upstream_${name}`, gauge(...stretches), server);
const counted = (name: string, ...stretches: Stretch[]): InputSeries =>
  own(`loadgen_upstream_${name}_total`, counter(...stretches), server);

const full: InputSeries[] = [
  UP,
  upstream('requests_waiting', [0, 300], [3, 300]),
  upstream('requests_running', [20, 300], [64, 300]),
];

/** Limits of the server. */
export const SERVER_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a queue before a full batch is an admission limit',
    series: full,
    firing: { 290: [], 360: [], [300 + WITHIN]: ['AdmissionLimit'] },
  },
  {
    name: 'a full batch without a queue is not',
    series: [UP, upstream('requests_waiting', [0, 700]), upstream('requests_running', [64, 700])],
    firing: { 500: [] },
  },
  {
    name: 'a queue before a batch with free slots (as the server tells them) is not',
    series: [...full, upstream('max_num_seqs', [256, 700])],
    firing: { [300 + WITHIN]: [] },
  },
  {
    name: 'a queue that comes and goes is not',
    series: [
      UP,
      own('loadgen_upstream_requests_waiting', Array(60).fill('3 2 0 0').join(' '), server),
      upstream('requests_running', [64, 700]),
    ],
    firing: { 450: [], 650: [] },
  },
  {
    name: 'a muted sweep runs into the admission limit and the full cache on purpose',
    series: [
      ...full,
      upstream('kv_usage_ratio', [0.5, 300], [0.99, 300]),
      own('loadgen_alerts_muted', gauge([0, 300], [1, 300]), { run: 'r1' }),
    ],
    firing: { [300 + WITHIN]: [], 590: [] },
  },
  {
    name: 'a full KV cache is pressure',
    series: [UP, upstream('kv_usage_ratio', [0.5, 300], [0.95, 300])],
    firing: { 290: [], [300 + WITHIN]: ['KVPressure'] },
  },
  {
    name: 'preemptions are pressure, whatever the cache shows',
    series: [UP, counted('preemptions', [0, 300], [0.1, 300]), counted('requests_finished', [2, 700])],
    firing: { 290: [], [300 + WITHIN]: ['KVPressure'] },
  },
  {
    name: 'drafts that are rejected are useless',
    series: [UP, counted('spec_draft_tokens', [100, 700]), counted('spec_accepted_tokens', [60, 300], [10, 300])],
    firing: { 290: [], [300 + WITHIN]: ['SpeculationUseless'] },
  },
  {
    name: 'a server that drafts nothing is not useless',
    series: [UP, counted('spec_draft_tokens', [0, 700]), counted('spec_accepted_tokens', [0, 700])],
    firing: { 500: [] },
  },
];
