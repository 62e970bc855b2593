import type { Scenario } from './scenario.js';
import { counter, gauge, own, requests, type InputSeries, type Stretch } from './series.js';

const WITHIN = 240;
const UP = own('up', gauge([1, 1200]));

/** A level of 20 users with residence 1 s, of which the histogram shows `seen`. */
const measuring = (seen: Stretch[], phase = 'measure'): InputSeries[] => [
  UP,
  own('loadgen_phase', gauge([1, 700]), { run: 'r1', phase }),
  own('loadgen_inflight_requests', gauge([20, 700]), { run: 'r1' }),
  own('loadgen_requests_started_total', counter([20, 700])),
  own('loadgen_request_duration_seconds_sum', counter(...seen), { turn: '1' }),
  own('loadgen_request_duration_seconds_count', counter(...seen), { turn: '1' }),
];

const progress = (run: string, values: string, phase: Stretch[]): InputSeries[] => [
  own('loadgen_progress_ratio', values, { run }),
  own('loadgen_phase', gauge(...phase), { run, phase: 'measure' }),
];

const upstream = { upstream: 's:8000', engine: 'vllm' };

/** Whether what is measured can be believed, and whether anything is. */
export const MEASUREMENT_SCENARIOS: readonly Scenario[] = [
  {
    name: "books that agree with Little's law fire nothing",
    series: measuring([[20, 700]]),
    firing: { 450: [], 650: [] },
  },
  {
    name: "books that lose a third of the load break Little's law",
    series: measuring([
      [20, 300],
      [13, 300],
    ]),
    firing: { 290: [], [300 + WITHIN]: ['LoadgenBroken'] },
  },
  {
    name: "a warm-up need not obey Little's law",
    series: measuring(
      [
        [20, 300],
        [13, 300],
      ],
      'warmup',
    ),
    firing: { [300 + WITHIN]: [] },
  },
  {
    name: 'late stamps break the load generator',
    series: [UP, own('loadgen_stamp_delay_seconds', gauge([0.002, 300], [0.04, 300]), { q: 'p99' })],
    firing: { 290: [], [300 + WITHIN]: ['LoadgenBroken'] },
  },
  {
    name: 'stamps that are late by little of a long TTFT do not',
    series: [
      ...requests({ good: [[0, 700]], bad: [[1, 700]] }).filter(({ series }) => series.startsWith('loadgen_time_to')),
      UP,
      own('loadgen_stamp_delay_seconds', gauge([0.04, 700]), { q: 'p99' }),
    ],
    firing: { 500: [] },
  },
  {
    name: 'a throttled process breaks the load generator, in a muted sweep too',
    series: [
      UP,
      own('loadgen_cpu_throttled_ratio', gauge([0, 300], [0.05, 300])),
      own('loadgen_alerts_muted', gauge([1, 700]), { run: 'r1' }),
    ],
    firing: { 290: [], [300 + WITHIN]: ['LoadgenBroken'] },
  },
  {
    name: 'a server that cannot be scraped is missing',
    series: [UP, own('loadgen_upstream_up', gauge([1, 300], [0, 300]), upstream)],
    firing: { 290: [], [300 + WITHIN]: ['UpstreamMissing'] },
  },
  {
    name: 'a role that was never there belongs to a feature that is off',
    series: [
      UP,
      own('loadgen_upstream_up', gauge([1, 700]), upstream),
      own('loadgen_upstream_metric_present', gauge([0, 700]), { ...upstream, role: 'spec_drafts_total' }),
    ],
    firing: { 290: [], 650: [] },
  },
  {
    name: 'a role that every engine has is missing from the beginning',
    series: [
      UP,
      own('loadgen_upstream_up', gauge([1, 700]), upstream),
      own('loadgen_upstream_metric_present', gauge([0, 700]), { ...upstream, role: 'requests_waiting' }),
    ],
    firing: { 30: [], [WITHIN]: ['UpstreamMissing'] },
  },
  {
    name: 'a role that the engine had and has no more is missing',
    series: [
      UP,
      own('loadgen_upstream_up', gauge([1, 700]), upstream),
      own('loadgen_upstream_metric_present', gauge([1, 300], [0, 300]), { ...upstream, role: 'cached_tokens_total' }),
    ],
    firing: { 290: [], [300 + WITHIN]: ['UpstreamMissing'] },
  },
  {
    name: 'a server whose series disappear from a living sidecar is missing',
    series: [UP, own('loadgen_upstream_up', gauge([1, 300], [null, 1]), upstream)],
    firing: { 290: [], [300 + 300 + 90]: ['UpstreamMissing'] },
  },
  {
    name: 'requests that are given up censor what is measured',
    series: [
      UP,
      own('loadgen_request_errors_total', counter([0, 300], [0.1, 300]), { reason: 'timeout_total' }),
      own('loadgen_requests_total', counter([2, 700]), { turn_type: 'initial', status: 'ok' }),
    ],
    firing: { 290: [], [300 + WITHIN]: ['TimeoutCensoring'] },
  },
  {
    name: 'requests that are given up in a muted sweep are told by its report',
    series: [
      UP,
      own('loadgen_alerts_muted', gauge([1, 700]), { run: 'r1' }),
      own('loadgen_request_errors_total', counter([0.1, 700]), { reason: 'timeout_first_token' }),
      own('loadgen_requests_total', counter([2, 700]), { turn_type: 'initial', status: 'ok' }),
    ],
    firing: { 450: [] },
  },
  {
    name: 'errors that are no time-outs censor nothing',
    series: [
      UP,
      own('loadgen_request_errors_total', counter([1, 700]), { reason: 'http_5xx' }),
      own('loadgen_requests_total', counter([2, 700]), { turn_type: 'initial', status: 'ok' }),
    ],
    firing: { 450: [] },
  },
  {
    name: 'a sidecar that does not answer is down',
    series: [own('up', gauge([1, 300], [0, 300]))],
    firing: { 290: [], [300 + WITHIN]: ['SweepscopeDown'] },
  },
  {
    name: 'a sidecar that Prometheus has no target for is down',
    series: [own('up', gauge([1, 300]), { job: 'other' })].map(({ values }) => ({
      series: 'up{job="prometheus",instance="p:9090"}',
      values,
    })),
    firing: { [WITHIN]: ['SweepscopeDown'] },
  },
  {
    name: 'a run without progress and without requests is stuck',
    series: [
      UP,
      ...progress('r1', `0.1+0.002x59 ${gauge([0.22, 300])}`, [[1, 700]]),
      own('loadgen_requests_total', counter([2, 300], [0, 300]), { turn_type: 'initial', status: 'ok' }),
    ],
    firing: { 290: [], [300 + WITHIN]: ['RunStuck'] },
  },
  {
    name: 'a long warm-up that serves requests is not stuck',
    series: [
      UP,
      ...progress('r1', gauge([0.3, 700]), [[1, 700]]),
      own('loadgen_requests_total', counter([2, 700]), { turn_type: 'initial', status: 'ok' }),
    ],
    firing: { 450: [], 650: [] },
  },
  {
    name: 'a run that has ended is not stuck',
    series: [UP, ...progress('r1', gauge([1, 700]), [[0, 700]])],
    firing: { 650: [] },
  },
];
