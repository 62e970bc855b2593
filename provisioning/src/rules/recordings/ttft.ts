import { recording } from '../recording.js';

const TTFT = 'loadgen_time_to_first_token_seconds';

/** One row a sidecar: turns are added up, whatever other labels the scrape has set stay. */
const perSidecar = (metric: string, span: string): string => `sum without (turn) (rate(${metric}[${span}]))`;

const quantile = (q: number) => (read: { span(seconds: number): string }) =>
  `histogram_quantile(${q}, ${perSidecar(`${TTFT}_bucket`, read.span(60))}) ` +
  `and on (job, instance) ${perSidecar(`${TTFT}_count`, read.span(60))} > 0`;

export const TTFT_P50 = recording(
  'loadgen:ttft_seconds:p50_1m',
  'TTFT p50 of the last minute; absent when no first token came',
  quantile(0.5),
);

export const TTFT_P95 = recording(
  'loadgen:ttft_seconds:p95_1m',
  'TTFT p95 of the last minute; absent when no first token came',
  quantile(0.95),
);

export const TTFT_MEAN = recording(
  'loadgen:ttft_seconds:mean_1m',
  'mean TTFT of the last minute',
  (read) => `${perSidecar(`${TTFT}_sum`, read.span(60))} / (${perSidecar(`${TTFT}_count`, read.span(60))} > 0)`,
);

export const TTFT_SLO = recording(
  'loadgen:ttft_slo_seconds',
  'limit of TTFT p95 of what runs now; absent where the spec states none',
  () =>
    'max without (run, slo, metric, q) (loadgen_slo_seconds{metric="ttft",q="p95"} and on (job, instance, run) loadgen_level)',
);

/** Linger of a mute, seconds: what a muted sweep did to the last minute must not alert when it is over. */
export const MINUTE = 60;

export const TTFT_P95_UNMUTED = recording(
  'loadgen:ttft_unmuted_seconds:p95_1m',
  'TTFT p95 outside of muted sweeps: what the baseline is made of',
  (read) =>
    `${read.now(TTFT_P95)} unless on (job, instance) max_over_time(loadgen_alerts_muted[${read.span(MINUTE)}]) == 1`,
);

const BASELINE_SECONDS = 1800;
const BASELINE_AGE = 300;

export const TTFT_BASELINE = recording(
  'loadgen:ttft_baseline_seconds:p50_30m',
  'median of TTFT p95 over the 30 minutes before the last 5; absent until there was load 10 minutes ago',
  (read) =>
    `quantile_over_time(0.5, ${read.over(TTFT_P95_UNMUTED, BASELINE_SECONDS)} offset ${read.span(BASELINE_AGE)}) ` +
    `and on (job, instance) ${read.ago(TTFT_P95_UNMUTED, 2 * BASELINE_AGE)}`,
);

export const TTFT_SPIKE_LIMIT = recording(
  'loadgen:ttft_spike_limit_seconds',
  'what counts as a spike: the SLO, or 3 times the baseline where that is more',
  (read) =>
    `(3 * ${read.now(TTFT_BASELINE)} > on (job, instance) ${read.now(TTFT_SLO)}) or on (job, instance) ${read.now(TTFT_SLO)}`,
);

export const TTFT_RECORDINGS = [
  TTFT_P50,
  TTFT_P95,
  TTFT_MEAN,
  TTFT_SLO,
  TTFT_P95_UNMUTED,
  TTFT_BASELINE,
  TTFT_SPIKE_LIMIT,
] as const;
