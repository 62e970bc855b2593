export type Labels = Readonly<Record<string, string>>;

/** Points at one observation behind a bucket or counter (OpenMetrics). `timestampSeconds` NaN: none given. */
export interface Exemplar {
  labels: Labels;
  value: number;
  timestampSeconds: number;
}

/** One line of an exposition: `name{labels} value [timestamp] [# exemplar]`. */
export interface ExpositionSample {
  /** As written: with `_total`, `_bucket`, `_sum`, … */
  name: string;
  labels: Labels;
  value: number;
  /** Unix time, seconds; NaN: none given. */
  timestampSeconds: number;
  exemplar: Exemplar | null;
}

/** What an exposition said. */
export interface Exposition {
  samples: ExpositionSample[];
  /** By family: `counter`, `gauge`, `histogram`, … as declared; families without a declaration are missing. */
  types: ReadonlyMap<string, string>;
  /** Lines that are none, of those that were read. */
  brokenLines: number;
  /** The first of them, shortened, with its number; null: none. */
  firstBroken: { line: number; text: string } | null;
}
