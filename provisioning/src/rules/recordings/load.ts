import { recording, type Recording } from '../recording.js';

export const REQUESTS_RATE = recording(
  'loadgen:requests:rate1m',
  'requests that ended, per second',
  (read) => `sum without (turn_type, status) (rate(loadgen_requests_total[${read.span(60)}]))`,
);

export const ERROR_RATIO = recording(
  'loadgen:errors:ratio_rate1m',
  'share of the requests that ended in an error',
  (read) =>
    `sum without (turn_type, status) (rate(loadgen_requests_total{status="error"}[${read.span(60)}])) / (${read.now(REQUESTS_RATE)} > 0)`,
);

export const MEAN_LATENCY = recording(
  'loadgen:request_duration_seconds:mean_2m',
  'mean end-to-end latency of successful requests',
  (read) =>
    `sum without (turn) (rate(loadgen_request_duration_seconds_sum[${read.span(120)}])) ` +
    `/ (sum without (turn) (rate(loadgen_request_duration_seconds_count[${read.span(120)}])) > 0)`,
);

export const LITTLES_RATIO = recording(
  'loadgen:littles_ratio:2m',
  "Little's law: summed residence per second over the mean number of requests under way; 1 when the books are right",
  (read) =>
    `sum without (turn) (rate(loadgen_request_duration_seconds_sum[${read.span(120)}])) ` +
    `/ on (job, instance) sum without (run) (avg_over_time(loadgen_inflight_requests[${read.span(120)}]) > 0)`,
);

export const TIMEOUT_RATIO = recording(
  'loadgen:timeouts:ratio_rate2m',
  'share of the requests that the client gave up: their latency is censored',
  (read) =>
    `sum without (reason) (rate(loadgen_request_errors_total{reason=~"timeout_.*"}[${read.span(120)}])) ` +
    `/ (sum without (turn_type, status) (rate(loadgen_requests_total[${read.span(120)}])) > 0)`,
);

/** Share of requests that may miss, by the quantile of the objective. */
export const BUDGETS = { ttft_p90: 0.1, ttft_p95: 0.05, ttft_p99: 0.01 } as const;

/** Bad share over so many seconds divided by the share that may be bad: 1 spends the budget exactly. */
function burn(label: string, seconds: number): Recording {
  return {
    name: `loadgen:ttft_slo_burn:ratio_rate${label}`,
    about: `share of requests that missed a TTFT objective over ${label}, in multiples of what it allows`,
    parts: [
      {
        expr: (read) =>
          Object.entries(BUDGETS)
            .map(([slo, budget]) => burnOf(slo, budget, read.span(seconds)))
            .join(' or '),
      },
    ],
  };
}

function burnOf(slo: string, budget: number, span: string): string {
  const events = (more: string) =>
    `sum without (result) (rate(loadgen_slo_events_total{slo="${slo}"${more}}[${span}]))`;
  return `${events(',result="bad"')} / (${events('')} > 0) / ${budget}`;
}

export const BURN_1M = burn('1m', 60);
export const BURN_3M = burn('3m', 180);
export const BURN_5M = burn('5m', 300);
export const BURN_15M = burn('15m', 900);

export const LOAD_RECORDINGS = [
  REQUESTS_RATE,
  ERROR_RATIO,
  MEAN_LATENCY,
  LITTLES_RATIO,
  TIMEOUT_RATIO,
  BURN_1M,
  BURN_3M,
  BURN_5M,
  BURN_15M,
] as const;
