import { buildDashboard, type Section } from './kit/build.js';
import { graph, number, states, yesNo } from './kit/panels.js';
import { rows } from './kit/tables.js';
import { sidecarVariables } from './kit/variables.js';
import { own, rate } from './queries.js';
import { HEALTH } from '../../provisioning/src/rules/dashboard-uids.js';

const TRUST: Section = {
  panels: [
    number({
      title: 'Stamping delay p99',
      description:
        'How late what arrives is stamped; TTFT is too long by up to this. Above 15 ms windows become invalid.',
      unit: 's',
      decimals: 1,
      targets: [{ expr: `max(${own('loadgen_stamp_delay_seconds', 'q="p99"')})` }],
      steps: [
        [null, 'good'],
        [0.005, 'warn'],
        [0.015, 'bad'],
      ],
      w: 6,
    }),
    number({
      title: "Little's law",
      description:
        'Rate × residence over the requests in flight, last 2 minutes: 1 when the books are right. Of no meaning while the load ' +
        'changes; not shown for less than one request in flight, which a scrape now and then does not count.',
      unit: 'none',
      decimals: 2,
      targets: [
        {
          expr: `sum(rate(${own('loadgen_request_duration_seconds_sum')}[2m])) / (sum(avg_over_time(${own('loadgen_inflight_requests')}[2m])) >= 0.9)`,
        },
      ],
      steps: [
        [null, 'bad'],
        [0.9, 'good'],
        [1.1, 'bad'],
      ],
      noValue: 'little load',
      w: 6,
    }),
    number({
      title: 'CPU throttled',
      description: 'Share of time in which the kernel held the process back. Above 1 % windows become invalid.',
      unit: 'percentunit',
      decimals: 2,
      targets: [{ expr: `max(${own('loadgen_cpu_throttled_ratio')})` }],
      steps: [
        [null, 'good'],
        [0.001, 'warn'],
        [0.01, 'bad'],
      ],
      noValue: 'no quota',
      w: 6,
    }),
    number({
      title: 'Sidecar',
      description: 'Whether Prometheus can scrape it.',
      unit: 'none',
      targets: [{ expr: 'min(up{job=~"$job", instance=~"$instance"})' }],
      mappings: yesNo('up', 'down', ['good', 'bad']),
      w: 6,
    }),
  ],
};

const CLIENT: Section = {
  title: 'Client',
  panels: [
    graph({
      title: 'Stamping delay',
      description: 'Of all load threads. The line is the limit of the validity gate.',
      unit: 's',
      w: 8,
      targets: [
        { expr: `max by (q) (${own('loadgen_stamp_delay_seconds')})`, legend: '{{q}}' },
        { expr: 'vector(0.015)', legend: 'limit' },
      ],
      limits: ['limit'],
      colors: { p50: 'p50', p99: 'p95', max: 'p99' },
    }),
    graph({
      title: 'Event-loop lag',
      description: 'Of the slowest load thread.',
      unit: 's',
      w: 8,
      targets: [{ expr: `max by (q) (${own('loadgen_eventloop_lag_seconds')})`, legend: '{{q}}' }],
      colors: { p50: 'p50', p99: 'p95', max: 'p99' },
    }),
    graph({
      title: 'CPU',
      description: 'Cores in use: main (server, state machine) and workers (all load threads together).',
      unit: 'none',
      w: 8,
      targets: [{ expr: `sum by (thread) (${rate('loadgen_cpu_seconds_total')})`, legend: '{{thread}}' }],
    }),
    graph({
      title: 'Held up',
      description: 'Time per second lost to CPU throttling and to garbage collection.',
      unit: 'percentunit',
      w: 8,
      targets: [
        { expr: `sum(${rate('loadgen_cpu_throttled_seconds_total')})`, legend: 'throttled' },
        { expr: `sum(${rate('loadgen_gc_seconds_total')})`, legend: 'garbage collection' },
      ],
      colors: { throttled: 'bad', 'garbage collection': 'p99' },
    }),
    graph({
      title: 'Memory',
      description: 'Resident memory of the process.',
      unit: 'bytes',
      w: 8,
      targets: [{ expr: own('process_resident_memory_bytes'), legend: '{{instance}}' }],
    }),
    graph({
      title: 'CPU per output token',
      description: 'What the client spends on each token. A rise at equal load means that chunks became smaller.',
      unit: 's',
      w: 8,
      targets: [
        {
          expr: `sum(${rate('loadgen_cpu_seconds_total')}) / (sum(${rate('loadgen_output_tokens_total')}) > 0)`,
          legend: 'per token',
        },
      ],
    }),
  ],
};

const CONNECTIONS: Section = {
  title: 'Connections',
  panels: [
    graph({
      title: 'Sockets',
      description: 'Open connections to the server under load, and those that are being established.',
      unit: 'none',
      w: 8,
      targets: [
        { expr: `sum(${own('loadgen_sockets_open')})`, legend: 'open' },
        { expr: `sum(${own('loadgen_sockets_waiting')})`, legend: 'connecting' },
      ],
      colors: { open: 'running', connecting: 'waiting' },
    }),
    graph({
      title: 'Time to connect',
      description: 'Mean, TLS included, since the process began. It is part of the TTFT of the request that needed it.',
      unit: 's',
      w: 8,
      targets: [
        {
          expr: `sum(${own('loadgen_connect_seconds_sum')}) / (sum(${own('loadgen_connect_seconds_count')}) > 0)`,
          legend: 'mean',
        },
      ],
    }),
    graph({
      title: 'Reused connections',
      description: 'Share of all requests that found a warm connection. Low: a proxy closes connections.',
      unit: 'percentunit',
      max: 1,
      w: 8,
      targets: [{ expr: `avg(${own('loadgen_connections_reused_ratio')})`, legend: 'reused' }],
      colors: { reused: 'good' },
    }),
  ],
};

const UPSTREAMS: Section = {
  title: 'Scraped servers',
  panels: [
    states({
      title: 'Servers answer',
      description: 'Whether the sidecar gets metrics from each server that it should scrape.',
      targets: [{ expr: `min by (upstream) (${own('loadgen_upstream_up')})`, legend: '{{upstream}}' }],
      mappings: yesNo('up', 'down', ['good', 'bad']),
      w: 12,
      h: 7,
    }),
    graph({
      title: 'Time to scrape them',
      description: 'Near the scrape interval the server is too busy to tell how it is.',
      unit: 's',
      h: 7,
      targets: [
        { expr: `max by (upstream) (${own('loadgen_upstream_scrape_duration_seconds')})`, legend: '{{upstream}}' },
      ],
    }),
    rows({
      title: 'Metrics found',
      description: 'Which roles each server fills (1) and which it should and does not (0).',
      keys: { upstream: 'Server', engine: 'Engine', role: 'Role' },
      columns: [
        {
          title: 'Found',
          expr: own('loadgen_upstream_metric_present'),
          unit: 'none',
          mappings: yesNo('yes', 'no', ['good', 'bad']),
        },
      ],
      w: 12,
    }),
    graph({
      title: 'Age of the last answer',
      description: 'Time since a scrape of each server last succeeded.',
      unit: 's',
      h: 9,
      targets: [
        {
          expr: `time() - max by (upstream) (${own('loadgen_upstream_last_success_timestamp_seconds')})`,
          legend: '{{upstream}}',
        },
      ],
    }),
  ],
};

const ALERTS: Section = {
  title: 'Alerts and builds',
  panels: [
    states({
      title: 'Alerts of Sweepscope',
      description: 'Pending and firing alerts as Prometheus evaluates them. Empty: none.',
      targets: [
        {
          expr: 'max by (alertname, alertstate) (ALERTS{service="sweepscope"})',
          legend: '{{alertname}} {{alertstate}}',
        },
      ],
      mappings: yesNo('●', '', ['bad', 'neutral']),
      w: 16,
      h: 8,
    }),
    rows({
      title: 'Builds',
      description: 'What runs where.',
      keys: { instance: 'Instance', version: 'Sweepscope', node: 'Node.js' },
      columns: [{ title: 'Running', expr: own('loadgen_build_info'), unit: 'none' }],
      w: 8,
      h: 8,
    }),
  ],
};

/** Whether what is measured can be believed. */
export function loadGeneratorDashboard(): object {
  return buildDashboard({
    uid: HEALTH,
    title: 'Sweepscope: load generator health',
    description: 'Whether the load generator keeps up, and whether its sources answer.',
    variables: sidecarVariables(),
    from: 'now-30m',
    refresh: '5s',
    sections: [TRUST, CLIENT, CONNECTIONS, UPSTREAMS, ALERTS],
  });
}
