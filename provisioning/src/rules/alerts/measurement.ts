import type { Alert } from '../alert.js';
import { HEALTH, LIVE } from '../dashboard-uids.js';
import { ERROR_RATIO, LITTLES_RATIO, MEAN_LATENCY, TIMEOUT_RATIO } from '../recordings/load.js';
import type { Reader } from '../recording.js';
import { TTFT_P50 } from '../recordings/ttft.js';

/** Where Prometheus finds the sidecar; a Kubernetes PodMonitor may put its namespace before it. */
export const SIDECAR_JOB = '(.+/)?sweepscope';

const named = (check: string, expr: string): string => `label_replace(${expr}, "check", "${check}", "", "")`;

/** Ratios of requests that take longer than a tenth of the window say little: too few of them end in it. */
const LONGEST_MEAN = 12;

function littles(read: Reader): string {
  const ratio = read.now(LITTLES_RATIO);
  const outside = `(${ratio} > 1.1 or ${ratio} < 0.9)`;
  const measuring = `min_over_time(loadgen_phase{phase="measure"}[${read.span(120)}]) == 1`;
  return (
    `${outside} and on (job, instance) ${measuring} ` +
    `and on (job, instance) ${read.now(MEAN_LATENCY)} < ${read.scale.seconds(LONGEST_MEAN)} ` +
    `and on (job, instance) increase(loadgen_requests_started_total[${read.span(120)}]) >= 50 ` +
    `unless on (job, instance) ${read.now(ERROR_RATIO)} > 0.01`
  );
}

const late = (read: Reader): string =>
  'loadgen_stamp_delay_seconds{q="p99"} > 0.015 ' +
  `unless on (job, instance) loadgen_stamp_delay_seconds{q="p99"} <= on (job, instance) 0.02 * ${read.now(TTFT_P50)}`;

/** Roles that every engine has whose roles they are; others belong to features that may be off. */
const ESSENTIAL = 'requests_running|requests_waiting|kv_usage_ratio|gpu_utilization_ratio';

function missingRole(read: Reader): string {
  const absent = 'loadgen_upstream_metric_present == 0';
  const essential = `loadgen_upstream_metric_present{role=~"${ESSENTIAL}"} == 0`;
  const lost = `${absent} and max_over_time(loadgen_upstream_metric_present[${read.span(600)}]) == 1`;
  return `((${essential}) or (${lost})) and on (job, instance, upstream) loadgen_upstream_up == 1`;
}

/** Whether what is measured can be believed. */
export const MEASUREMENT_ALERTS: readonly Alert[] = [
  {
    name: 'LoadgenBroken',
    severity: 'ticket',
    forSeconds: 60,
    mute: null,
    expr: (read) =>
      [
        named('littles-law', littles(read)),
        named('stamping', `max without (q) (${late(read)})`),
        named('cpu-throttled', 'loadgen_cpu_throttled_ratio > 0.01'),
      ].join(' or '),
    summary: (words) => `the load generator is not to be trusted: ${words.label('check')}`,
    description: (words) =>
      `${words.label('instance')} fails its own check "${words.label('check')}" (value ${words.value('number')}). littles-law: ` +
      'rate times residence does not give the requests under way; stamping: what arrives is stamped late, and TTFT comes out ' +
      'too long; cpu-throttled: the kernel holds the process back. Windows measured now will be invalid.',
    dashboard: HEALTH,
  },
  {
    name: 'UpstreamMissing',
    severity: 'ticket',
    forSeconds: 60,
    mute: null,
    expr: (read) =>
      [
        named('down', 'loadgen_upstream_up == 0'),
        named('metric-missing', missingRole(read)),
        // The series are gone though the sidecar is up: nobody scrapes that server any more.
        named(
          'gone',
          `last_over_time(loadgen_upstream_up[${read.span(600)}]) unless loadgen_upstream_up and on (job, instance) up == 1`,
        ),
      ].join(' or '),
    summary: (words) => `metrics of ${words.label('upstream')} are missing (${words.label('check')})`,
    description: (words) =>
      `The sidecar ${words.label('instance')} gets no metrics from ${words.label('upstream')}, or not all that it expects ` +
      `(${words.label('check')} ${words.label('role')}). Pictures of the server stay empty, and causes cannot be told.`,
    dashboard: HEALTH,
  },
  {
    name: 'TimeoutCensoring',
    severity: 'ticket',
    forSeconds: 60,
    mute: { lingerSeconds: 120, scope: 'sidecar' },
    expr: (read) => `${read.now(TIMEOUT_RATIO)} > 0.01`,
    summary: (words) => `${words.value('percent')} of the requests were given up by the client`,
    description: (words) =>
      `${words.label('instance')} gave up ${words.value('percent')} of its requests at a time-out. Their latency is known only to ` +
      'be longer than that: quantiles of those that were answered look better than the truth.',
    dashboard: HEALTH,
  },
  {
    name: 'SweepscopeDown',
    severity: 'page',
    forSeconds: 60,
    mute: null,
    expr: () => `up{job=~"${SIDECAR_JOB}"} == 0 or absent(up{job=~"${SIDECAR_JOB}"})`,
    summary: () => 'the Sweepscope sidecar is down or not scraped',
    description: () =>
      'Prometheus cannot scrape the sidecar, or has no target of the job sweepscope. Nothing watches TTFT now: none of the ' +
      'other alerts can fire.',
    dashboard: HEALTH,
  },
  {
    name: 'RunStuck',
    severity: 'ticket',
    forSeconds: 30,
    mute: null,
    expr: (read) => {
      const underWay =
        'loadgen_progress_ratio > 0 and loadgen_progress_ratio < 1 and on (job, instance, run) loadgen_phase{phase=~"prime|warmup|measure|cooldown|drain"} == 1';
      const flat = (seconds: number): string => `changes(loadgen_progress_ratio[${read.span(seconds)}]) == 0`;
      const ended = `sum without (turn_type, status) (increase(loadgen_requests_total[${read.span(120)}])) > 0`;
      return (
        `(${underWay}) and on (job, instance) ((${flat(1800)} and loadgen_progress_ratio offset ${read.span(1800)}) ` +
        `or (${flat(120)} and on (job, instance) count_over_time(loadgen_progress_ratio[${read.span(120)}]) > 10 unless on (job, instance) ${ended}))`
      );
    },
    summary: (words) => `run ${words.label('run')} does not get on`,
    description: (words) =>
      `The run ${words.label('run')} on ${words.label('instance')} stands at ${words.value('percent')}: no progress for two minutes ` +
      'in which no request ended, or none for half an hour.',
    dashboard: LIVE,
  },
];
