import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';

let registered: readonly Metric[] | null = null;

/**
 * prom-client's metrics of the process (memory, descriptors, event loop, garbage collection), without gauges that carry
 * a `quantile` label or end in `_total`, which `promtool check metrics` refuses. They watch the process, so there is
 * one set of them however many registries there are.
 */
export function processMetrics(): readonly Metric[] {
  if (registered === null) {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    registered = registry.getMetricsAsArray().map(asMetric).filter(isProper);
  }
  return registered;
}

/** What prom-client keeps of a metric beyond what its types tell. */
interface PromMetricParts {
  name: string;
  type: string;
  labelNames: readonly string[];
}

function isProper(metric: Metric): boolean {
  const { name, type, labelNames } = metric as unknown as PromMetricParts;
  return type !== 'gauge' || (!name.endsWith('_total') && !labelNames.includes('quantile'));
}

function asMetric(entry: unknown): Metric {
  return entry as Metric;
}
