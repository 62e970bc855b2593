import { Registry, type Metric, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';
import { HEALTH_METRICS } from './catalogue/client-health.js';
import { LIVE_METRICS } from './catalogue/live-state.js';
import { REQUEST_METRICS } from './catalogue/requests.js';
import { RESULT_METRICS } from './catalogue/results.js';
import { RUN_METRICS } from './catalogue/run-record.js';
import { UPSTREAM_METRICS } from './catalogue/upstreams.js';
import { collectClientHealth } from './collect/client-health.js';
import { collectLiveState } from './collect/live-state.js';
import { collectRequests } from './collect/requests.js';
import { collectResults } from './collect/results.js';
import { collectRunRecords } from './collect/run-record.js';
import { collectUpstreams } from './collect/upstreams.js';
import { familiesOf } from './family.js';
import { rawFamilies } from './raw-families.js';
import { processMetrics } from './process-metrics.js';
import { labelSet, type MetricFamily, type SampleVisitor } from './samples.js';
import { ScrapeView } from './scrape-view.js';
import type { MetricSources } from './sources.js';
import { negotiateFormat, printFamilies, type TextFormat } from './text-format.js';

/** One answer to a scrape. */
export interface Scrape {
  contentType: string;
  body: string;
}

/**
 * A prom-client registry that prints its metrics itself: in the format that a scraper asks for, with NaN spelt as
 * OpenMetrics demands, without keeping a format as state (prom-client renames counters for good when it changes), and
 * cheaply. Metrics of prom-client may be registered beside ours.
 */
export class MetricsRegistry extends Registry {
  /** `beforeReading` is called once before all metrics are read; `passedThrough` are families that come and go. */
  constructor(
    private readonly beforeReading: () => void,
    private readonly passedThrough: () => readonly MetricFamily[] = () => [],
  ) {
    super();
  }

  /** What `/metrics` answers to a request with this Accept header. */
  async scrape(accept: string | undefined): Promise<Scrape> {
    const format = negotiateFormat(accept);
    const contentType = format === 'openmetrics' ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE;
    return { contentType, body: await this.print(format) };
  }

  /** All metrics in Prometheus' text format. */
  override metrics(): Promise<string> {
    return this.print('prometheus');
  }

  override getMetricsAsJSON(): ReturnType<Registry['getMetricsAsJSON']> {
    this.beforeReading();
    return super.getMetricsAsJSON();
  }

  /** Registers a metric whose samples are read at each scrape. */
  registerFamily(family: MetricFamily): void {
    this.registerMetric(new CollectedMetric(family) as unknown as Metric);
  }

  /** Samples of our own metrics whose name is wanted, as they are now, labels and `__name__` together. */
  readSeries(wanted: (name: string) => boolean): { metric: Record<string, string>; value: number }[] {
    const metrics: readonly unknown[] = this.getMetricsAsArray();
    const samples: { metric: Record<string, string>; value: number }[] = [];
    this.beforeReading();
    for (const metric of metrics) {
      if (!(metric instanceof CollectedMetric) || !wanted(metric.name)) continue;
      metric.family.visit((suffix, { values }, value) => {
        samples.push({ metric: { __name__: metric.name + suffix, ...values }, value });
      }, false);
    }
    return samples;
  }

  private async print(format: TextFormat): Promise<string> {
    const metrics: readonly unknown[] = this.getMetricsAsArray();
    const families = await Promise.all(metrics.map(asFamily));
    this.beforeReading();
    return printFamilies([...families, ...this.passedThrough()], format);
  }
}

/** A family as prom-client's registry wants a metric to be. */
class CollectedMetric {
  readonly name: string;

  constructor(readonly family: MetricFamily) {
    this.name = family.name;
  }

  get(): Promise<object> {
    const { name, type, help } = this.family;
    const values: object[] = [];
    this.family.visit((suffix, { values: labels }, value) => {
      values.push({ metricName: `${name}${suffix}`, labels, value });
    }, false);
    return Promise.resolve({ name, type, help, values, aggregator: 'omit' });
  }

  /** Nothing is kept here. */
  reset(): void {
    return;
  }
}

function asFamily(metric: unknown): Promise<MetricFamily> {
  return metric instanceof CollectedMetric ? Promise.resolve(metric.family) : readPromMetric(metric as Metric);
}

async function readPromMetric(metric: Metric): Promise<MetricFamily> {
  const read = (await metric.get()) as MetricObjectWithValues<MetricValueWithName<string>>;
  const { name, type, help, values } = read as typeof read & { type: unknown };
  const visit = (visitor: SampleVisitor): void => {
    for (const { metricName = name, labels, value } of values) {
      const texts = Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)]));
      visitor(metricName.slice(name.length), labelSet(Object.keys(texts), texts), value, null);
    }
  };
  return { name, type: String(type), help, visit };
}

/**
 * The registry behind `/metrics`: every metric of the catalogue, read from `sources` at each scrape, and the process's
 * own. A series whose source is gone is gone at the next scrape.
 */
export function buildRegistry(sources: MetricSources): MetricsRegistry {
  const view = new ScrapeView(sources);
  const registry = new MetricsRegistry(
    () => view.refresh(),
    () => rawFamilies(view),
  );
  const families = [
    ...familiesOf(REQUEST_METRICS, collectRequests, view),
    ...familiesOf(LIVE_METRICS, collectLiveState, view),
    ...familiesOf(RUN_METRICS, collectRunRecords, view),
    ...familiesOf(RESULT_METRICS, collectResults, view),
    ...familiesOf(UPSTREAM_METRICS, collectUpstreams, view),
    ...familiesOf(HEALTH_METRICS, collectClientHealth, view),
  ];
  for (const family of families) registry.registerFamily(family);
  for (const metric of processMetrics()) registry.registerMetric(metric);
  return registry;
}
