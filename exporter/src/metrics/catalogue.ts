import { HEALTH_METRICS } from './catalogue/client-health.js';
import type { MetricDeclaration } from './catalogue/declaration.js';
import { LIVE_METRICS } from './catalogue/live-state.js';
import { REQUEST_METRICS } from './catalogue/requests.js';
import { RESULT_METRICS } from './catalogue/results.js';
import { RUN_METRICS } from './catalogue/run-record.js';
import { UPSTREAM_METRICS } from './catalogue/upstreams.js';

/** Every metric of ours on `/metrics`, by theme, in the order in which they are printed. */
export const CATALOGUE = [
  { title: 'Requests', about: 'Counted over the life of the process, over all runs.', metrics: REQUEST_METRICS },
  { title: 'Live state', about: 'What the sweep is doing now.', metrics: LIVE_METRICS },
  {
    title: "The run's record",
    about:
      'Kept for the newest and the pinned runs, and reloaded at start: a restart or a finished run empties no picture.',
    metrics: RUN_METRICS,
  },
  {
    title: 'Results',
    about: 'Set when a level ends, pooled over its windows. A figure without data is absent, never 0.',
    metrics: RESULT_METRICS,
  },
  {
    title: 'Servers and GPUs',
    about:
      'Read from the upstreams of the spec (or from the target itself). What an upstream does not tell is missing, never 0; an upstream that is down has only its health.',
    metrics: UPSTREAM_METRICS,
  },
  {
    title: 'Client health',
    about: 'Whether the load generator itself can be trusted. What the machine cannot tell is absent.',
    metrics: HEALTH_METRICS,
  },
] as const;

/** All declarations by name. */
export const METRICS: ReadonlyMap<string, MetricDeclaration> = new Map(
  CATALOGUE.flatMap(({ metrics }) => Object.entries<MetricDeclaration>(metrics)),
);
