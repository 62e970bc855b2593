import * as z from 'zod';
import { duration } from './duration.js';
import { share } from './quantities.js';
import { SLO_METRICS } from './spec.js';
import type { LatencyObjective, SloMetric, SloSpec } from './spec.js';

const PERCENTILE = /^p(?:[1-9]\d?(?:\.\d*[1-9])?|0\.\d*[1-9])$/;
const PERCENTILE_ERROR = 'must be a percentile above p0 and below p100, such as p50, p95 or p99.9';

/** `p99.9` is 0.999, exactly. */
function quantileOf(percentile: string): number {
  return Number(`${percentile.slice(1)}e-2`);
}

/** 0.999 is `p99.9`: the inverse of the above. */
export function percentileName(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(12))}`;
}

function objectives(metric: SloMetric, what: string) {
  return z
    .record(
      z.string().regex(PERCENTILE, PERCENTILE_ERROR),
      duration('Highest acceptable value, with its unit.', { bare: false }),
    )
    .meta({ description: `Objectives for ${what}, e.g. {p95: 600ms}.` })
    .transform((pairs): LatencyObjective[] =>
      Object.entries(pairs).map(([percentile, seconds]) => {
        const quantile = quantileOf(percentile);
        return { name: `${metric}_${percentileName(quantile)}`, metric, quantile, seconds };
      }),
    )
    .prefault({});
}

export const sloSchema = z
  .strictObject({
    ttft: objectives('ttft', 'time to first token'),
    tpot: objectives('tpot', 'time per output token'),
    itl: objectives('itl', 'gaps between tokens'),
    latency: objectives('latency', 'end-to-end latency'),
    errors: share('Highest acceptable share of failed requests.').nullable().default(null),
  })
  .transform(({ errors, ...byMetric }): SloSpec => ({
    latency: SLO_METRICS.flatMap((metric) => byMetric[metric].toSorted((a, b) => a.quantile - b.quantile)),
    errorRatio: errors,
  }));
