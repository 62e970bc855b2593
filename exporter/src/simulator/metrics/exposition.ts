import type { HistogramState } from '../engine/statistics.js';

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];
export type HistogramSeries = readonly [labels: Labels, state: HistogramState];

/** Collects lines of the Prometheus text format 0.0.4; each family is written in one go. */
export class Exposition {
  private readonly lines: string[] = [];

  /** `createdAt`, epoch seconds: write a gauge `…_created` beside counters and histograms, as Python's client does. */
  constructor(private readonly createdAt: number | null = null) {}

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
    for (const [labels, { edges, counts, sum, count }] of series) {
      let below = 0;
      edges.forEach((edge, index) => {
        below += counts[index]!;
        this.sample(`${name}_bucket`, { ...labels, le: pythonFloat(edge) }, below);
      });
      this.sample(`${name}_bucket`, { ...labels, le: '+Inf' }, count);
      this.sample(`${name}_count`, labels, count);
      this.sample(`${name}_sum`, labels, sum);
    }
    this.created(
      name,
      help,
      series.map(([labels]) => labels),
    );
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
    const list = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    this.lines.push(`${name}${list.length === 0 ? '' : `{${list.join(',')}}`} ${value}`);
  }
}

/** Bucket edges as Python writes them: `1.0`, `0.25`. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
