import type { HEALTH_METRICS } from '../catalogue/client-health.js';
import type { Collectors, ScalarCollector } from '../family.js';
import type { ClientHealth, Spread } from '../sources.js';
import { knownOnly } from './known-only.js';

const figure =
  (read: (health: ClientHealth) => number): ScalarCollector<never> =>
  (sources, emit) =>
    knownOnly(emit)(read(sources.health()), {});

const spread =
  (read: (health: ClientHealth) => Spread): ScalarCollector<'q'> =>
  (sources, emit) => {
    const { p50, p99, max } = read(sources.health());
    const emitKnown = knownOnly(emit);
    emitKnown(p50, { q: 'p50' });
    emitKnown(p99, { q: 'p99' });
    emitKnown(max, { q: 'max' });
  };

/** Where the metrics of the client's own health come from. */
export const collectClientHealth: Collectors<typeof HEALTH_METRICS> = {
  loadgen_stamp_delay_seconds: spread((health) => health.stampDelay),
  loadgen_eventloop_lag_seconds: spread((health) => health.eventLoopLag),
  loadgen_cpu_seconds_total: (sources, emit) => {
    const { main, worker } = sources.health().cpuSeconds;
    const emitKnown = knownOnly(emit);
    emitKnown(main, { thread: 'main' });
    emitKnown(worker, { thread: 'worker' });
  },
  loadgen_cpu_throttled_seconds_total: figure((health) => health.throttledSeconds),
  loadgen_cpu_throttled_ratio: figure((health) => health.throttledRatio),
  loadgen_gc_seconds_total: figure((health) => health.gcSeconds),
  loadgen_sockets_open: figure((health) => health.connections.socketsOpen),
  loadgen_sockets_waiting: figure((health) => health.connections.socketsWaiting),
  loadgen_connect_seconds: (sources, emit) => {
    const { connectSecondsSum, connects } = sources.health().connections;
    emit({ sum: connectSecondsSum, count: connects, quantile: () => NaN }, {});
  },
  loadgen_connections_reused_ratio: figure(({ connections }) => connections.reusedRequests / connections.requests),
  loadgen_build_info: ({ build }, emit) => emit(1, { version: build.version, node: build.node }),
};
