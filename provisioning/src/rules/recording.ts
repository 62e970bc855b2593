import type { TimeScale } from '../time-scale.js';

/** One expression of a recorded series; several are told apart by the labels that they add. */
export interface RecordingPart {
  readonly labels?: Readonly<Record<string, string>>;
  readonly expr: (read: Reader) => string;
}

/** A series that Prometheus records. */
export interface Recording {
  /** level:metric:operation */
  readonly name: string;
  /** What it is, for the comment in the file. */
  readonly about: string;
  readonly parts: readonly RecordingPart[];
}

/** How an expression refers to recorded series: by name (Prometheus), or written out (Grafana, which records none). */
export interface Reader {
  readonly scale: TimeScale;
  /** PromQL duration of so many seconds at scale 1. */
  span(seconds: number): string;
  /** The recorded series now. */
  now(recording: Recording): string;
  /** The recorded series over a range, e.g. for `quantile_over_time`. */
  over(recording: Recording, seconds: number): string;
  /** The recorded series as it was. */
  ago(recording: Recording, seconds: number): string;
}

/** A recording of one expression. */
export function recording(name: string, about: string, expr: RecordingPart['expr']): Recording {
  return { name, about, parts: [{ expr }] };
}

/** Refers to recorded series by name. */
export function byName(scale: TimeScale): Reader {
  return {
    scale,
    span: (seconds) => scale.span(seconds),
    now: ({ name }) => name,
    over: ({ name }, seconds) => `${name}[${scale.span(seconds)}]`,
    ago: ({ name }, seconds) => `${name} offset ${scale.span(seconds)}`,
  };
}

/** Step of subqueries where a recorded series is written out, seconds at scale 1. */
const SUBQUERY_STEP = 60;

/** Writes recorded series out. Slower to evaluate, and needs nothing but the metrics themselves. */
export function writtenOut(scale: TimeScale): Reader {
  const reader: Reader = {
    scale,
    span: (seconds) => scale.span(seconds),
    now: (recorded) => `(${joined(recorded, reader)})`,
    over: (recorded, seconds) => `(${joined(recorded, reader)})[${scale.span(seconds)}:${scale.span(SUBQUERY_STEP)}]`,
    ago: (recorded, seconds) =>
      `last_over_time(${reader.over(recorded, 2 * SUBQUERY_STEP)} offset ${scale.span(seconds)})`,
  };
  return reader;
}

function joined({ parts }: Recording, reader: Reader): string {
  return parts.map(({ labels = {}, expr }) => labelled(expr(reader), labels)).join(' or ');
}

function labelled(expr: string, labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).reduce(
    (inner, [name, value]) => `label_replace(${inner}, "${name}", "${value}", "", "")`,
    expr,
  );
}
