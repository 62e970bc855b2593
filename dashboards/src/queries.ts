import { SIDECAR } from './kit/variables.js';
import type { Target } from './kit/targets.js';

const more = (matchers: string): string => (matchers === '' ? '' : `, ${matchers}`);

/** A metric of the chosen sidecars. */
export function own(metric: string, matchers = ''): string {
  return `${metric}{${SIDECAR}${more(matchers)}}`;
}

/** The rate of one of the sidecar's counters, per second. */
export function rate(counter: string, matchers = ''): string {
  return `rate(${own(counter, matchers)}[$__rate_interval])`;
}

/** A quantile over all turns and instances, from buckets that may be added up. */
export function quantile(q: number, histogram: string): string {
  return `histogram_quantile(${q}, sum by (le) (${rate(`${histogram}_bucket`)}))`;
}

/** The last value within the time shown: results and marks stay in the picture when their run is over. */
export function lastOf(metric: string, matchers = ''): string {
  return `last_over_time(${own(metric, matchers)}[$__range])`;
}

/** Limits of the objectives of one metric in the runs shown. */
export function limitOf(metric: string, runs: string): Target {
  return {
    expr: `max by (slo) (${own('loadgen_slo_seconds', `metric="${metric}", run=~"${runs}"`)})`,
    legend: 'SLO {{slo}}',
  };
}

/** p50, p95 and p99 of a histogram, and its limits. */
export function spreadOf(histogram: string, metric: string, runs: string): Target[] {
  return [
    { expr: quantile(0.5, histogram), legend: 'p50' },
    { expr: quantile(0.95, histogram), legend: 'p95' },
    { expr: quantile(0.99, histogram), legend: 'p99' },
    limitOf(metric, runs),
  ];
}

export const SPREAD_COLORS = { p50: 'p50', p95: 'p95', p99: 'p99' } as const;
export const SLO_LIMITS = ['SLO .*'];
