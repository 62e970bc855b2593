import { labelSet, type MetricFamily } from './samples.js';
import type { MetricSources, RawSeries } from './sources.js';

const PREFIX = 'loadgen_raw_';

/**
 * Metrics that upstreams' specs pass through, as they are but for the prefix, so that nobody adds one to the upstream's
 * own series. Each sample is untyped: what it is, its original tells.
 */
export function rawFamilies(sources: MetricSources): MetricFamily[] {
  const byName = new Map<string, { upstream: string; series: RawSeries }[]>();
  for (const { upstream, raw } of sources.upstreams()) {
    for (const series of raw) {
      const name = PREFIX + series.name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [{ upstream, series }]);
      else known.push({ upstream, series });
    }
  }
  return [...byName].map(([name, all]) => ({
    name,
    type: 'untyped',
    help: `${all[0]!.series.name} as the upstream tells it.`,
    visit: (visitor) => {
      for (const { upstream, series } of all) visitor('', rawLabels(upstream, series), series.value, null);
    },
  }));
}

function rawLabels(upstream: string, { labels }: RawSeries): ReturnType<typeof labelSet> {
  const { upstream: clash, ...rest } = labels;
  const values = { upstream, ...rest, ...(clash === undefined ? {} : { exported_upstream: clash }) };
  return labelSet(Object.keys(values), values);
}
