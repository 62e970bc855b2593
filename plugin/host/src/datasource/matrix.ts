/** One series as Prometheus' HTTP API answers a range query: `[epoch seconds, text of the value]`. */
export interface MatrixSeries {
  metric: Record<string, string>;
  values: [number, string][];
}

/** One query's answer. */
export interface Answer {
  refId: string;
  /** `range`: over time; `instant`: only the last value counts. */
  format: 'range' | 'instant';
  result: readonly MatrixSeries[];
}
