/**
 * The histograms that are the source of truth on `/metrics`: fixed edges, one row of counters per turn.
 *
 * Edges lie on one common grid of 13 per decade (each 19.4 % above the last, so that every power of ten is an edge),
 * rounded to 4 digits and whole microseconds, plus one edge exactly on each SLO. Each edge costs 5 series (one per
 * value of the label `turn`), and `/metrics` has to stay small with all retained runs on it, so each range covers what
 * an inference server can sensibly do, in 45–66 edges. Below the first edge lie only servers that do no work; above
 * the last one lie requests that are counted in `+Inf` and whose exact times are in `requests.jsonl`. An SLO outside a
 * range widens it.
 */
const EDGES_PER_DECADE = 13;
const MICROS = 1e6;

/** Values of the label `turn`; the last one holds every later turn. */
export const TURN_LABELS = ['1', '2', '3', '4', '5+'] as const;

/** Row of a turn (1 for the first) in a histogram. */
export function turnIndex(turn: number): number {
  return Math.min(Math.max(Math.trunc(turn), 1), TURN_LABELS.length) - 1;
}

/** TTFT: 2 ms … 120 s (the client's default total time-out). */
export function ttftEdges(sloSeconds: readonly number[]): number[] {
  return logEdges(0.002, 120, sloSeconds);
}

/** TPOT: 1 ms … 2 s. */
export function tpotEdges(sloSeconds: readonly number[]): number[] {
  return logEdges(0.001, 2, sloSeconds);
}

/** Gap between token chunks: 0.5 ms (less is one read of the socket) … 10 s. */
export function interChunkEdges(sloSeconds: readonly number[]): number[] {
  return logEdges(0.0005, 10, sloSeconds);
}

/** E2E latency: 20 ms … 300 s (the default time-out is 120 s). */
export function durationEdges(sloSeconds: readonly number[]): number[] {
  return logEdges(0.02, 300, sloSeconds);
}

/** Grid edges that enclose [`from`, `to`] and every SLO, and the SLOs themselves; ascending seconds. */
function logEdges(from: number, to: number, sloSeconds: readonly number[]): number[] {
  for (const slo of sloSeconds) {
    if (!(slo > 0) || !Number.isFinite(slo)) {
      throw new RangeError(`SLO edge must be a positive number of seconds, got ${slo}`);
    }
  }
  const lowest = Math.min(from, ...sloSeconds);
  const highest = Math.max(to, ...sloSeconds);
  const edges = new Set(sloSeconds.map(wholeMicros));
  const first = Math.floor(gridPosition(lowest));
  const last = Math.ceil(gridPosition(highest));
  for (let k = first; k <= last; k++) {
    const edge = wholeMicros(Number((10 ** (k / EDGES_PER_DECADE)).toPrecision(4)));
    if (edge > 0) edges.add(edge);
  }
  return [...edges].sort((a, b) => a - b).map((micros) => micros / MICROS);
}

/** Number of the grid edge at `seconds`; within a billionth of an edge it is that edge. */
function gridPosition(seconds: number): number {
  const position = Math.log10(seconds) * EDGES_PER_DECADE;
  const nearest = Math.round(position);
  return Math.abs(position - nearest) < 1e-9 ? nearest : position;
}

function wholeMicros(seconds: number): number {
  return Math.round(seconds * MICROS);
}

/** Points at one observation of a bucket: the newest that carried a request id. */
export interface BucketExemplar {
  requestId: string;
  /** Seconds. */
  value: number;
  /** Unix epoch seconds. */
  timestamp: number;
}

/**
 * Counts per turn and bucket (not cumulative; the last bucket is everything above the last edge) and sums in whole
 * microseconds. Whole numbers, so that differences are exact in whatever order observations came.
 */
export interface HistogramSnapshot {
  /** `counts[turnIndex][bucket]`, edges.length + 1 buckets. */
  counts: number[][];
  sumMicros: number[];
}

/** One row per turn index that has observations: `[turnIndex, sumMicros, bucket, count, bucket, count, …]`. */
export type SparseHistogram = number[][];

/** Histogram with fixed edges, inclusive upwards (`le`), one row per turn. */
export class BucketHistogram {
  /** Ascending, seconds. */
  readonly edges: readonly number[];
  private readonly edgeMicros: Float64Array;
  private readonly width: number;
  private readonly cells: Float64Array;
  private readonly sums = new Float64Array(TURN_LABELS.length);
  private readonly exemplarIds: string[];
  private readonly exemplarValues: Float64Array;
  private readonly exemplarTimes: Float64Array;

  /** @throws RangeError when the edges are none, not ascending by whole microseconds, or not positive. */
  constructor(edges: readonly number[]) {
    this.edges = [...edges];
    this.edgeMicros = Float64Array.from(edges, wholeMicros);
    this.edgeMicros.forEach((micros, i) => {
      const below = this.edgeMicros[i - 1] ?? 0;
      if (!(micros > below)) {
        throw new RangeError(
          `histogram edge ${i} (${edges[i] ?? NaN} s) must be at least 1 µs above the one before it`,
        );
      }
    });
    if (edges.length === 0) throw new RangeError('a histogram needs at least one edge');
    this.width = edges.length + 1;
    const size = this.width * TURN_LABELS.length;
    this.cells = new Float64Array(size);
    this.exemplarIds = new Array<string>(size).fill('');
    this.exemplarValues = new Float64Array(size);
    this.exemplarTimes = new Float64Array(size);
  }

  /**
   * Counts one observation, rounded to whole microseconds; `turnIndex` is 0 for the first turn. Allocates nothing.
   * A value that is not finite is unknown and not counted; a negative one counts as 0. Returns the cell, or −1.
   */
  observe(turnIndex: number, seconds: number): number {
    const micros = Math.max(0, Math.round(seconds * MICROS));
    if (!Number.isFinite(micros)) return -1;
    const cell = turnIndex * this.width + this.bucketOf(micros);
    this.cells[cell]! += 1;
    this.sums[turnIndex]! += micros;
    return cell;
  }

  /** As `observe`, and remembers the request as its bucket's example. `epochSeconds`: when it was observed. */
  observeWithExemplar(turnIndex: number, seconds: number, requestId: string, epochSeconds: number): void {
    const cell = this.observe(turnIndex, seconds);
    if (cell < 0) return;
    this.exemplarIds[cell] = requestId;
    this.exemplarValues[cell] = Math.max(0, Math.round(seconds * MICROS)) / MICROS;
    this.exemplarTimes[cell] = epochSeconds;
  }

  /** Observations of this turn in this bucket alone (not cumulative). */
  countAt(turnIndex: number, bucket: number): number {
    return this.cells[turnIndex * this.width + bucket] ?? 0;
  }

  /** Sum of this turn's observations in whole microseconds. */
  sumMicros(turnIndex: number): number {
    return this.sums[turnIndex] ?? 0;
  }

  /** The newest exemplar of a bucket, or null. */
  exemplarAt(turnIndex: number, bucket: number): BucketExemplar | null {
    const cell = turnIndex * this.width + bucket;
    const requestId = this.exemplarIds[cell] ?? '';
    if (requestId === '') return null;
    return { requestId, value: this.exemplarValues[cell]!, timestamp: this.exemplarTimes[cell]! };
  }

  /** A copy of all counts and sums as plain arrays. */
  snapshot(): HistogramSnapshot {
    return {
      counts: TURN_LABELS.map((_, turn) => Array.from(this.cells.subarray(turn * this.width, (turn + 1) * this.width))),
      sumMicros: Array.from(this.sums),
    };
  }

  /** First bucket whose edge is not below `micros`; edges.length when all are. */
  private bucketOf(micros: number): number {
    let low = 0;
    let high = this.edgeMicros.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.edgeMicros[middle]! < micros) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What was observed between two snapshots of one histogram: `later` − `earlier`, exactly. */
export function diffSnapshots(later: HistogramSnapshot, earlier: HistogramSnapshot): HistogramSnapshot {
  return combine(later, earlier, -1);
}

/** What two snapshots (of histograms with equal edges) hold together. */
export function addSnapshots(a: HistogramSnapshot, b: HistogramSnapshot): HistogramSnapshot {
  return combine(a, b, 1);
}

function combine(a: HistogramSnapshot, b: HistogramSnapshot, sign: 1 | -1): HistogramSnapshot {
  return {
    counts: a.counts.map((row, turn) => row.map((count, bucket) => count + sign * (b.counts[turn]?.[bucket] ?? 0))),
    sumMicros: a.sumMicros.map((sum, turn) => sum + sign * (b.sumMicros[turn] ?? 0)),
  };
}

/** The snapshot without its zeros, for the timeline; `[]` when nothing was observed. */
export function encodeSparse(snapshot: HistogramSnapshot): SparseHistogram {
  const rows: SparseHistogram = [];
  snapshot.counts.forEach((counts, turn) => {
    const row = [turn, snapshot.sumMicros[turn] ?? 0];
    counts.forEach((count, bucket) => {
      if (count !== 0) row.push(bucket, count);
    });
    if (row.length > 2) rows.push(row);
  });
  return rows;
}

/**
 * Undoes `encodeSparse` for a histogram of `edgeCount` edges.
 * @throws RangeError when a row or bucket lies outside of that.
 */
export function decodeSparse(rows: SparseHistogram, edgeCount: number): HistogramSnapshot {
  const counts = TURN_LABELS.map(() => new Array<number>(edgeCount + 1).fill(0));
  const sumMicros = TURN_LABELS.map(() => 0);
  for (const [turn, sum, ...pairs] of rows) {
    const target = counts[turn ?? -1];
    if (turn === undefined || target === undefined) {
      throw new RangeError(`histogram row names turn ${turn ?? NaN}, expected 0 to ${TURN_LABELS.length - 1}`);
    }
    sumMicros[turn] = sum ?? 0;
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      if (!(pairs[i]! >= 0 && pairs[i]! <= edgeCount)) {
        throw new RangeError(`histogram row names bucket ${pairs[i] ?? NaN}, expected 0 to ${edgeCount}`);
      }
      target[pairs[i]!] = pairs[i + 1]!;
    }
  }
  return { counts, sumMicros };
}
