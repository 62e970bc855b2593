import type { Theme } from './declaration.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

/** Everything counted or timed per request, over the life of the process. */
export const REQUEST_METRICS = {
  loadgen_ttft_all_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Time from just before the request is written to its first token chunk, all turns; quantiles over the last 60 s, NaN when there was none.',
    labels: [],
    quantiles: QUANTILES,
    example: { query: 'loadgen_ttft_all_seconds{quantile="0.95"}', tells: 'TTFT p95 of the last minute' },
  },
  loadgen_tpot_all_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Time per output token of a request after its first, (E2E - TTFT) / (tokens - 1), all turns; quantiles over the last 60 s, NaN when there was none.',
    labels: [],
    quantiles: QUANTILES,
  },
  loadgen_itl_all_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Gap between consecutive token chunks of a request, all turns; quantiles over the last 60 s, NaN when there was none.',
    labels: [],
    quantiles: QUANTILES,
  },
  loadgen_latency_all_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'End-to-end latency of a successful request, all turns; quantiles over the last 60 s, NaN when there was none.',
    labels: [],
    quantiles: QUANTILES,
  },
  loadgen_ttft_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Time to first token by type of turn; quantiles over the last 60 s, NaN when there was none.',
    labels: ['turn_type'],
    quantiles: QUANTILES,
  },
  loadgen_tpot_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Time per output token by type of turn; quantiles over the last 60 s, NaN when there was none.',
    labels: ['turn_type'],
    quantiles: QUANTILES,
  },
  loadgen_itl_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'Gap between consecutive token chunks by type of turn; quantiles over the last 60 s, NaN when there was none.',
    labels: ['turn_type'],
    quantiles: QUANTILES,
  },
  loadgen_latency_seconds: {
    type: 'summary',
    unit: 'seconds',
    help: 'End-to-end latency of a successful request by type of turn; quantiles over the last 60 s, NaN when there was none.',
    labels: ['turn_type'],
    quantiles: QUANTILES,
  },
  loadgen_time_to_first_token_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time to first token, counted when the first token arrives.',
    labels: ['turn'],
    example: {
      query: 'histogram_quantile(0.95, sum by (le) (rate(loadgen_time_to_first_token_seconds_bucket[1m])))',
      tells: 'TTFT p95 over all turns, from buckets that may be added up',
    },
  },
  loadgen_time_per_output_token_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time per output token of a request after its first, counted when it completes; requests of one token have none.',
    labels: ['turn'],
  },
  loadgen_inter_chunk_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Gap between consecutive token chunks of a request, counted when the later one arrives.',
    labels: ['turn'],
  },
  loadgen_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'End-to-end latency of a successful request, counted when it completes.',
    labels: ['turn'],
    example: {
      query: 'sum(rate(loadgen_request_duration_seconds_sum[1m]))',
      tells: "requests under way by Little's law; close to the users of a closed loop without think time",
    },
  },
  loadgen_requests_total: {
    type: 'counter',
    unit: 'none',
    help: 'Requests (turns) that ended.',
    labels: ['turn_type', 'status'],
    example: { query: 'sum by (status) (rate(loadgen_requests_total[1m]))', tells: 'turns per second by outcome' },
  },
  loadgen_requests_started_total: {
    type: 'counter',
    unit: 'none',
    help: 'Requests that were sent.',
    labels: [],
  },
  loadgen_request_errors_total: {
    type: 'counter',
    unit: 'none',
    help: 'Requests that failed, by class of error; those of a timeout_ class were given up by the client.',
    labels: ['reason'],
  },
  loadgen_output_tokens_total: {
    type: 'counter',
    unit: 'none',
    help: 'Output tokens that arrived.',
    labels: [],
    example: { query: 'rate(loadgen_output_tokens_total[1m])', tells: 'output tokens per second' },
  },
  loadgen_input_tokens_total: {
    type: 'counter',
    unit: 'none',
    help: 'Input tokens of ended requests as the server counted them; 0 where it sends no usage.',
    labels: [],
  },
  loadgen_cached_tokens_total: {
    type: 'counter',
    unit: 'none',
    help: 'Input tokens that the server took from its prefix cache, as its usage tells.',
    labels: [],
  },
  loadgen_conversations_total: {
    type: 'counter',
    unit: 'none',
    help: 'Conversations that ended.',
    labels: ['outcome'],
  },
  loadgen_arrivals_dropped_total: {
    type: 'counter',
    unit: 'none',
    help: 'Open-loop arrivals that were not sent because the limit of requests under way was reached.',
    labels: [],
  },
  loadgen_slo_events_total: {
    type: 'counter',
    unit: 'none',
    help: 'One event per request and objective when its outcome is known; failed requests are bad.',
    labels: ['slo', 'result'],
    example: {
      query:
        'sum by (slo) (rate(loadgen_slo_events_total{result="bad"}[5m])) / sum by (slo) (rate(loadgen_slo_events_total[5m]))',
      tells: 'share of requests that miss each objective',
    },
  },
} as const satisfies Theme;
