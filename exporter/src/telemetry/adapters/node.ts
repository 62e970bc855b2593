import { metric, sumOf, type Adapter } from './types.js';

/** node_exporter: the host of the server or of the client. */
export const NODE: Adapter = {
  engine: 'node',
  recognise: /^node_(cpu_seconds_total|memory_MemTotal_bytes)$/,
  replicaLabels: [],
  deviceLabels: [],
  repeated: 'add',
  roles: {
    host_cpu_seconds_total: [metric('node_cpu_seconds')],
    host_cpu_busy_seconds_total: [metric('node_cpu_seconds', { where: { mode: /^(?!idle$|iowait$)/ } })],
    host_memory_total_bytes: [metric('node_memory_MemTotal_bytes')],
    host_memory_used_bytes: [
      sumOf(['node_memory_MemTotal_bytes', 'node_memory_MemAvailable_bytes'], { weights: [1, -1] }),
    ],
  },
  timed: {},
};
