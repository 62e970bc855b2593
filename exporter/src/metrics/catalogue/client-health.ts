import type { Theme } from './declaration.js';

/** Whether the load generator itself can be trusted. What the machine can't tell is absent. */
export const HEALTH_METRICS = {
  loadgen_stamp_delay_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How late the load threads stamped what had arrived, over the last seconds; TTFT is too long by up to this.',
    labels: ['q'],
    example: { query: 'loadgen_stamp_delay_seconds{q="p99"} > 0.015', tells: 'the client, not the server, is slow' },
  },
  loadgen_eventloop_lag_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Event-loop delay of the slowest load thread over the last seconds.',
    labels: ['q'],
  },
  loadgen_cpu_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    help: 'CPU time used by this process, user and system.',
    labels: ['thread'],
    example: {
      query: 'sum(rate(loadgen_cpu_seconds_total[1m])) / rate(loadgen_output_tokens_total[1m])',
      tells: 'CPU seconds that the client spends per output token',
    },
  },
  loadgen_cpu_throttled_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    help: "Time in which the kernel held this process's control group back because its CPU quota was used up.",
    labels: [],
  },
  loadgen_cpu_throttled_ratio: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the last seconds in which the kernel throttled this process.',
    labels: [],
  },
  loadgen_gc_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time spent collecting garbage, over all threads that report it.',
    labels: [],
  },
  loadgen_sockets_open: {
    type: 'gauge',
    unit: 'none',
    help: 'Open connections to the server under load.',
    labels: [],
  },
  loadgen_sockets_waiting: {
    type: 'gauge',
    unit: 'none',
    help: 'Connections that are being established.',
    labels: [],
  },
  loadgen_connect_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Time to establish a connection, TLS included.',
    labels: [],
  },
  loadgen_connections_reused_ratio: {
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of all requests that went out on a connection that had served one before.',
    labels: [],
  },
  loadgen_build_info: {
    type: 'gauge',
    unit: 'none',
    help: 'Always 1: what is running.',
    labels: ['version', 'node'],
  },
} as const satisfies Theme;
