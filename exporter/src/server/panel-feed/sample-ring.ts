/** One series as Prometheus' HTTP API answers a range query: `[epoch seconds, text of the value]`. */
export interface MatrixSeries {
  metric: Record<string, string>;
  values: [number, string][];
}

/** One value of one series at the moment of a sample. */
export interface RingSample {
  metric: Readonly<Record<string, string>>;
  value: number;
}

interface Column {
  metric: Readonly<Record<string, string>>;
  /** By row; NaN where there was no sample. */
  values: number[];
}

/**
 * The last samples of a few series, in bounded memory. When it is full every second row is dropped, and from then on every
 * second sample is skipped: a run is shown whole, however long it is, in steps that grow with it.
 */
export class SampleRing {
  private times: number[] = [];
  private readonly columns = new Map<string, Column>();
  private stride = 1;
  private skipped = 0;

  /** `capacity`: rows kept, at least 2. */
  constructor(private readonly capacity: number) {}

  /** Samples that are taken for one row that is kept. */
  get everyNth(): number {
    return this.stride;
  }

  /** Adds a row, unless it is one of those that the growing step leaves out. `epochSeconds` must rise. */
  add(epochSeconds: number, samples: readonly RingSample[]): void {
    this.skipped += 1;
    if (this.skipped < this.stride) return;
    this.skipped = 0;
    if (this.times.length >= this.capacity) this.thin();
    const row = this.times.push(epochSeconds) - 1;
    for (const { metric, value } of samples) {
      const key = JSON.stringify(metric);
      let column = this.columns.get(key);
      if (column === undefined) this.columns.set(key, (column = { metric, values: [] }));
      while (column.values.length < row) column.values.push(NaN);
      column.values[row] = value;
    }
  }

  /** All series with a value after `sinceEpochSeconds`. NaN is left out, as Prometheus' staleness does. */
  read(sinceEpochSeconds: number): MatrixSeries[] {
    const from = this.times.findIndex((time) => time > sinceEpochSeconds);
    if (from < 0) return [];
    const series: MatrixSeries[] = [];
    for (const { metric, values } of this.columns.values()) {
      const kept: [number, string][] = [];
      for (let row = from; row < values.length; row++) {
        const value = values[row]!;
        if (!Number.isNaN(value)) kept.push([this.times[row]!, String(value)]);
      }
      if (kept.length > 0) series.push({ metric: { ...metric }, values: kept });
    }
    return series;
  }

  private thin(): void {
    const even = (_: number, row: number): boolean => row % 2 === 0;
    this.times = this.times.filter(even);
    for (const [key, column] of this.columns) {
      column.values = column.values.filter(even);
      if (column.values.every(Number.isNaN)) this.columns.delete(key);
    }
    this.stride *= 2;
  }
}
