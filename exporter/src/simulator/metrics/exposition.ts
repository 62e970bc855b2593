import type { HistogramState } from '../engine/statistics.js';

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];
export type HistogramSeries = readonly [labels: Labels, state: HistogramState];

/** Collects lines of the Prometheus text format 0.0.4; each family is written in one go. */
export class Exposition {
  private readonly lines: string[] = [];

  /**
   * `createdAt`, epoch seconds: write a gauge `…_created` beside counters and histograms, as Python's client does.
   * `buckets` false: histograms are their sum and count only.
   */
  constructor(
    private readonly createdAt: number | null = null,
    private readonly buckets = true,
  ) {}

  gauge(name: string, help: string, samples: readonly Sample[]): void {
    this.family(name, help, 'gauge', samples);
  }

  /** `name` without `_total`. */
  counter(name: string, help: string, samples: readonly Sample[]): void {
    this.family(`${name}_total`, help, 'counter', samples);
    this.created(
      name,
      help,
      samples.map(([labels]) => labels),
    );
  }

  /** A counter whose name does not end in `_total`. */
  plainCounter(name: string, help: string, samples: readonly Sample[]): void {
    this.family(name, help, 'counter', samples);
  }

  histogram(name: string, help: string, series: readonly HistogramSeries[]): void {
    if (series.length === 0) return;
    this.head(name, help, 'histogram');
    for (const [labels, state] of series) {
      const own = labelText(labels);
      if (this.buckets) this.bucketLines(`${name}_bucket{${own === '' ? '' : `${own},`}le="`, state);
      const place = own === '' ? '' : `{${own}}`;
      this.lines.push(`${name}_count${place} ${state.count}`, `${name}_sum${place} ${state.sum}`);
    }
    this.created(
      name,
      help,
      series.map(([labels]) => labels),
    );
  }

  /** `start`: all of the line up to the edge. */
  private bucketLines(start: string, { edges, counts, count }: HistogramState): void {
    let below = 0;
    pythonFloats(edges).forEach((edge, index) => {
      below += counts[index]!;
      this.lines.push(`${start}${edge}"} ${below}`);
    });
    this.lines.push(`${start}+Inf"} ${count}`);
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  /** Nothing at all without samples: a missing metric is missing. */
  private family(name: string, help: string, type: string, samples: readonly Sample[]): void {
    if (samples.length === 0) return;
    this.head(name, help, type);
    for (const [labels, value] of samples) this.sample(name, labels, value);
  }

  private created(name: string, help: string, series: readonly Labels[]): void {
    const { createdAt } = this;
    if (createdAt === null) return;
    this.gauge(
      `${name}_created`,
      help,
      series.map((labels) => [labels, createdAt]),
    );
  }

  private head(name: string, help: string, type: string): void {
    this.lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  }

  private sample(name: string, labels: Labels, value: number): void {
    const list = labelText(labels);
    this.lines.push(`${name}${list === '' ? '' : `{${list}}`} ${value}`);
  }
}

/** Edges do not change, and are written each second. */
const EDGE_TEXTS = new WeakMap<readonly number[], readonly string[]>();

/** Bucket edges as Python writes them: `1.0`, `0.25`. */
function pythonFloats(edges: readonly number[]): readonly string[] {
  const known = EDGE_TEXTS.get(edges);
  if (known !== undefined) return known;
  const texts = edges.map((value) => (Number.isInteger(value) ? `${value}.0` : `${value}`));
  EDGE_TEXTS.set(edges, texts);
  return texts;
}

function labelText(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escapeLabel(labels[name]!)}"`;
  return text;
}

const TO_ESCAPE = /[\\"\n]/;

function escapeLabel(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
