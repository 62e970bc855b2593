import { Registry } from 'prom-client';

export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** The part of prom-client's registry that is read here; both of its content types will do. */
export type MetricsSource = Pick<Registry, 'metrics' | 'getMetricsAsArray'>;

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

interface Snapshot {
  name: string;
  type: string;
}

/** How prom-client's registry sees a metric while it prints. */
interface PrintableMetric extends Snapshot {
  get(): Promise<Snapshot>;
  getForPromString?(): Promise<Snapshot>;
}

/**
 * The format that an Accept header asks for: OpenMetrics where it is preferred over text, else Prometheus text, which
 * is also what browsers and curl get. Parameters other than `q` and `version` (such as `escaping`) are ignored.
 */
export function negotiateFormat(accept: string | undefined): ExpositionFormat {
  let openMetrics = 0;
  let text = 0;
  for (const range of (accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const named = (name: string): string | undefined =>
      parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
    const quality = Number(named('q') ?? 1);
    const version = named('version') ?? '1.0.0';
    if (type === 'application/openmetrics-text' && ['1.0.0', '0.0.1'].includes(version)) {
      openMetrics = Math.max(openMetrics, quality);
    } else if (type === 'text/plain' || type === 'text/*' || type === '*/*') text = Math.max(text, quality);
  }
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'prometheus';
}

/** A stand-in under the name without `_total`: prom-client strips it from the counter itself, for good. */
function openMetricsStandIn(metric: PrintableMetric): PrintableMetric {
  const stripped = (snapshot: Snapshot): Snapshot =>
    snapshot.type === 'counter' ? { ...snapshot, name: snapshot.name.replace(/_total$/, '') } : snapshot;
  return {
    name: metric.name,
    type: metric.type,
    get: async () => stripped(await (metric.getForPromString?.() ?? metric.get())),
  };
}

/**
 * Prints a registry in either format without changing it. prom-client prints the one format that a registry was made
 * for; this prints through a view of it that differs in format only.
 */
export async function renderMetrics(registry: MetricsSource, format: ExpositionFormat): Promise<string> {
  const view = Object.create(registry, {
    contentType: { value: CONTENT_TYPES[format] },
    getMetricsAsArray: {
      value: () => {
        const metrics = registry.getMetricsAsArray() as unknown as PrintableMetric[];
        return format === 'openmetrics' ? metrics.map(openMetricsStandIn) : metrics;
      },
    },
  }) as MetricsSource;
  return view.metrics();
}
