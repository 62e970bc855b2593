import type { FineHistogram } from '../../measure/fine-histogram.js';
import type { RequestRecord } from '../../measure/records.js';
import type { LatencyObjective } from '../../config/spec.js';
import type { ForeignDefinition } from './definitions.js';

/** A file to import. Its contents are read when needed, and as often as needed: they may not fit into memory. */
export interface SourceFile {
  /** Its path as the user gave it; named in errors and in the result. */
  name: string;
  bytes: number;
  /** Its first 64 KiB, or all of it. */
  head: string;
  /** Found in a folder: left out when it is of no tool that is known. */
  optional: boolean;
  /** Its text from the beginning, in pieces of any length. */
  chunks(): AsyncIterable<string>;
}

export const IMPORT_KINDS = ['seed', 'vllm', 'guidellm', 'aiperf'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Reads the files of one tool. */
export interface Importer {
  kind: ImportKind;
  /** The tool's name for people. */
  title: string;
  /** Whether a file is this tool's, by its beginning. */
  recognises(file: SourceFile): boolean;
  /** The runs in files that were recognised (or forced). @throws ImportError */
  read(files: readonly SourceFile[]): Promise<ImportedRun[]>;
}

/** A run as the files of another tool tell it. NaN or null: they do not tell. Seconds, Unix time in seconds, ratios 0–1. */
export interface ImportedRun {
  tool: string;
  toolVersion: string | null;
  files: string[];
  name: string;
  model: string | null;
  url: string | null;
  endpoint: string | null;
  arrival: 'closed' | 'constant' | 'poisson';
  targetRate: number | null;
  startedEpoch: number;
  endedEpoch: number;
  warmupSeconds: number | null;
  measureSeconds: number | null;
  snapshots: number | null;
  repetitions: number;
  workload: { kind: string; description: string; seed: number | null };
  deployment: Record<string, string | number | boolean>;
  objectives: LatencyObjective[];
  levels: ImportedLevel[];
  /** What the files do not tell, or tell wrongly. */
  gaps: string[];
}

export type ImportedLevel = AggregateLevel | RequestLevel;

export const TIME_METRICS = ['ttft', 'tpot', 'itl', 'latency'] as const;
export type TimeMetric = (typeof TIME_METRICS)[number];
export const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** A time as the tool aggregated it, seconds. */
export type AggregateTime = Partial<Record<Statistic, number>> & { definition: ForeignDefinition; n?: number };

export const SCALARS = [
  'requestsPerSecond',
  'okPerSecond',
  'outputTokensPerSecond',
  'inputTokensPerSecond',
  'inputTokensMean',
  'outputTokensMean',
  'errorRatio',
  'kvHitRatio',
] as const;
export type Scalar = (typeof SCALARS)[number];

/** A level of which only the tool's own aggregates are known. */
export interface AggregateLevel {
  detail: 'aggregates';
  load: number;
  seconds: number;
  completed: number;
  ok: number;
  errors: Record<string, number>;
  /** Of how many repetitions the tool says it kept how many; null unknown. */
  repetitions: { measured: number; used: number } | null;
  times: Partial<Record<TimeMetric, AggregateTime>>;
  scalars: Partial<Record<Scalar, { value: number; definition: ForeignDefinition }>>;
}

/** A level of which single requests are known, in one part for each repetition. */
export interface RequestLevel {
  detail: 'requests';
  load: number;
  parts: RequestPart[];
  /** Definitions that differ from ours although computed here, since the tool stamped something else. */
  definitions: Partial<Record<TimeMetric | 'outputTokensPerSecond', ForeignDefinition>>;
  tokensSource: 'usage' | 'chunks' | null;
}

/** From (inclusive) to (exclusive), on the part's own time axis. */
export interface PartSpan {
  from: number;
  to: number;
}

/** The requests of one repetition of one level. Times: seconds on an axis of its own. */
export interface RequestPart {
  file: string;
  records: RequestRecord[];
  /** False: when requests started is not known, and their times lie on no common axis; then there are no rates. */
  timed: boolean;
  /** Gaps between chunks that end within a span, read again from the file; null: it has none. */
  gaps: ((span: PartSpan) => Promise<FineHistogram>) | null;
  /** The steady part as the tool itself marked it; null: cut it by the requests. */
  marked: PartSpan | null;
  /** What the tool published of it, by our names (seconds, per second). */
  published: PublishedFigure[];
  /** Messages of failures, by request id. */
  details: ReadonlyMap<string, string>;
}

/** One of the tool's own figures, and how it follows from its single requests by the tool's own definition. */
export interface PublishedFigure {
  figure: string;
  published: number;
  /** NaN: can't be computed from what the file has. */
  recomputed: number;
}
