import { TEST_STEP, type InputSeries } from './series.js';

/** One case: series as Prometheus would have scraped them, and the exact set of alerts that fire at times in it. */
export interface Scenario {
  readonly name: string;
  readonly series: readonly InputSeries[];
  /** Seconds since the series began → names of the alerts that fire then, and no others. */
  readonly firing: Readonly<Record<number, readonly string[]>>;
}

const FIRING = 'count by (alertname) (ALERTS{alertstate="firing"})';

/** promtool's form of a scenario. */
export function promtoolTest({ name, series, firing }: Scenario): object {
  return {
    name,
    interval: `${TEST_STEP}s`,
    input_series: series,
    promql_expr_test: Object.entries(firing).map(([seconds, alerts]) => ({
      expr: FIRING,
      eval_time: `${seconds}s`,
      exp_samples: [...alerts].sort().map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
    })),
  };
}
