import type { Alert } from './alert.js';
import { LATENCY_ALERTS } from './alerts/latency.js';
import { MEASUREMENT_ALERTS } from './alerts/measurement.js';
import { SERVER_ALERTS } from './alerts/server.js';
import type { Recording } from './recording.js';
import { LIKELY_CAUSE } from './recordings/causes.js';
import { LOAD_RECORDINGS } from './recordings/load.js';
import { SERVER_RECORDINGS } from './recordings/server.js';
import { TTFT_RECORDINGS } from './recordings/ttft.js';

/** Every recorded series in an order in which each uses only earlier ones: Prometheus evaluates a group in order. */
export const RECORDINGS: readonly Recording[] = [
  ...TTFT_RECORDINGS,
  ...LOAD_RECORDINGS,
  ...SERVER_RECORDINGS,
  LIKELY_CAUSE,
];

export const ALERTS: readonly Alert[] = [...LATENCY_ALERTS, ...SERVER_ALERTS, ...MEASUREMENT_ALERTS];
