import type { BucketHistogram } from '../measure/log-histogram.js';
import { TURN_LABELS } from '../measure/log-histogram.js';
import type { MetricDeclaration, Theme } from './catalogue/declaration.js';
import { labelSet, type LabelSet, type MetricFamily, type SampleVisitor } from './samples.js';
import type { MetricSources, SummaryReading } from './sources.js';

/** Gives away one child of a metric: its value now, and its labels. */
export type Emit<Value, Label extends string> = (value: Value, labels: Readonly<Record<Label, string>>) => void;

export type ScalarCollector<Label extends string = string> = (
  sources: MetricSources,
  emit: Emit<number, Label>,
) => void;

export type SummaryCollector<Label extends string = string> = (
  sources: MetricSources,
  emit: Emit<SummaryReading, Label>,
) => void;

export type HistogramCollector = (sources: MetricSources) => BucketHistogram;

type CollectorOf<Declaration extends MetricDeclaration> = Declaration['type'] extends 'histogram'
  ? HistogramCollector
  : Declaration['type'] extends 'summary'
    ? SummaryCollector<Declaration['labels'][number]>
    : ScalarCollector<Declaration['labels'][number]>;

/** Says for every metric of a theme where its samples come from; one that is forgotten does not compile. */
export type Collectors<T extends Theme> = { readonly [Name in keyof T]: CollectorOf<T[Name]> };

/** The theme's families, reading `sources` each time they are visited. */
export function familiesOf<T extends Theme>(
  theme: T,
  collectors: Collectors<T>,
  sources: MetricSources,
): MetricFamily[] {
  return Object.entries<MetricDeclaration>(theme).map(([name, declaration]) => {
    const collector: unknown = collectors[name as keyof T];
    const { type, help } = declaration;
    return { name, type, help, visit: visitOf(declaration, collector, sources) };
  });
}

function visitOf(declaration: MetricDeclaration, collector: unknown, sources: MetricSources): MetricFamily['visit'] {
  switch (declaration.type) {
    case 'histogram':
      return visitHistogram(collector as HistogramCollector, sources);
    case 'summary':
      return visitSummary(declaration, collector as SummaryCollector, sources);
    default:
      return visitScalar(declaration, collector as ScalarCollector, sources);
  }
}

function visitScalar({ labels: names }: MetricDeclaration, collector: ScalarCollector, sources: MetricSources) {
  return (visitor: SampleVisitor): void => {
    collector(sources, (value, labels) => visitor('', labelSet(names, labels), value, null));
  };
}

function visitSummary(
  { labels: names, quantiles = [] }: MetricDeclaration,
  collector: SummaryCollector,
  sources: MetricSources,
) {
  const withQuantile = [...names, 'quantile'];
  return (visitor: SampleVisitor): void => {
    const now = sources.now();
    collector(sources, (reading, labels) => {
      for (const q of quantiles) {
        visitor('', labelSet(withQuantile, { ...labels, quantile: String(q) }), reading.quantile(q, now), null);
      }
      const plain = labelSet(names, labels);
      visitor('_sum', plain, reading.sum, null);
      visitor('_count', plain, reading.count, null);
    });
  };
}

function visitHistogram(collector: HistogramCollector, sources: MetricSources) {
  const turnLabels = TURN_LABELS.map((turn) => labelSet(['turn'], { turn }));
  let edges: readonly number[] = [];
  let bucketLabels: LabelSet[][] = [];
  return (visitor: SampleVisitor, withExemplars: boolean): void => {
    const histogram = collector(sources);
    if (histogram.edges !== edges) {
      edges = histogram.edges;
      bucketLabels = TURN_LABELS.map((turn) => bucketLabelsOf(turn, edges));
    }
    for (let turn = 0; turn < TURN_LABELS.length; turn++) {
      let cumulative = 0;
      bucketLabels[turn]!.forEach((labels, bucket) => {
        cumulative += histogram.countAt(turn, bucket);
        visitor('_bucket', labels, cumulative, withExemplars ? histogram.exemplarAt(turn, bucket) : null);
      });
      visitor('_sum', turnLabels[turn]!, histogram.sumMicros(turn) / 1e6, null);
      visitor('_count', turnLabels[turn]!, cumulative, null);
    }
  };
}

/** Edges never change while the process lives, so the labels of all buckets are made once. */
function bucketLabelsOf(turn: string, edges: readonly number[]): LabelSet[] {
  return [...edges.map(String), '+Inf'].map((le) => labelSet(['turn', 'le'], { turn, le }));
}
