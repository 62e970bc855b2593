/**
 * Logarithmic buckets of relative error ALPHA, as in DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019): bucket i holds
 * (γ^(i−1), γ^i] with γ = (1+α)/(1−α), and stands for 2γ^i/(γ+1), which is within α of every value in it.
 */
const ALPHA = 0.005;
const GAMMA = (1 + ALPHA) / (1 - ALPHA);
const PER_LOG = 1 / Math.log(GAMMA);
const MIDDLE = 2 / (GAMMA + 1);
/** Below this all values count as 0 (two chunks in one read); above the other, as that. Seconds. */
const LOWEST = 1e-6;
const HIGHEST = 7200;
const OFFSET = 1 - Math.ceil(Math.log(LOWEST) * PER_LOG);
const BUCKETS = Math.ceil(Math.log(HIGHEST) * PER_LOG) + OFFSET + 1;

function bucketOf(value: number): number {
  if (value < LOWEST) return 0;
  const bucket = Math.ceil(Math.log(value) * PER_LOG) + OFFSET;
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

function valueOf(bucket: number): number {
  return bucket === 0 ? 0 : GAMMA ** (bucket - OFFSET) * MIDDLE;
}

/**
 * Quantiles of the newest `windowSeconds`, within 0.5 % of the exact nearest-rank value; `sum` and `count` over the
 * whole life. Time is cut into slices; each has its own counts, and a slice that leaves the window is subtracted from
 * the running totals. The slice of now is in, so an observation is never older than the window, and leaves it at most
 * one slice early. All memory is taken at construction (about 0.5 MB of address space, touched only where used).
 */
export class SlidingSummary {
  /** Of all finite observations since construction, seconds. */
  sum = 0;
  count = 0;
  private readonly slices: number;
  private readonly counts: Uint32Array;
  private readonly totals = new Float64Array(BUCKETS);
  /** Used range of buckets of each slice; first > last: none. */
  private readonly firstUsed: Int32Array;
  private readonly lastUsed: Int32Array;
  private inWindow = 0;
  /** Number of the newest slice; its place in the ring is this modulo `slices`. */
  private newest = Number.NEGATIVE_INFINITY;

  /** @throws RangeError unless the window is a whole number of slices. */
  constructor(
    windowSeconds = 60,
    private readonly sliceSeconds = 1,
  ) {
    this.slices = Math.round(windowSeconds / sliceSeconds);
    if (!(sliceSeconds > 0) || !(this.slices >= 1) || Math.abs(this.slices * sliceSeconds - windowSeconds) > 1e-9) {
      throw new RangeError(`a window of ${windowSeconds} s is not a whole number of slices of ${sliceSeconds} s`);
    }
    this.counts = new Uint32Array(this.slices * BUCKETS);
    this.firstUsed = new Int32Array(this.slices).fill(BUCKETS);
    this.lastUsed = new Int32Array(this.slices).fill(-1);
  }

  /**
   * Adds an observation made at `nowSeconds` of the injected clock. One that comes late lands in the slice of its time,
   * or, when that has left the window, in `sum` and `count` only. Not finite: unknown, ignored. Allocates nothing.
   */
  add(nowSeconds: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.sum += value;
    this.count += 1;
    const slice = Math.floor(nowSeconds / this.sliceSeconds);
    if (slice > this.newest) this.advance(slice);
    if (slice <= this.newest - this.slices) return;
    const place = this.placeOf(slice);
    const bucket = bucketOf(value);
    this.counts[place * BUCKETS + bucket]! += 1;
    this.totals[bucket]! += 1;
    this.inWindow += 1;
    if (bucket < this.firstUsed[place]!) this.firstUsed[place] = bucket;
    if (bucket > this.lastUsed[place]!) this.lastUsed[place] = bucket;
  }

  /** Nearest rank: the ⌈q·n⌉-th smallest of the window ending at `nowSeconds`, seconds; NaN when it is empty. */
  quantile(q: number, nowSeconds: number): number {
    this.expire(nowSeconds);
    if (this.inWindow === 0) return NaN;
    // A product such as 0.07 × 100 = 7.000000000000001 must not climb a rank.
    const rank = Math.max(1, Math.ceil(q * this.inWindow - 1e-9));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.totals[bucket]!;
      if (seen >= rank) return valueOf(bucket);
    }
    return valueOf(BUCKETS - 1);
  }

  /** Observations in the window ending at `nowSeconds`. */
  windowCount(nowSeconds: number): number {
    this.expire(nowSeconds);
    return this.inWindow;
  }

  private expire(nowSeconds: number): void {
    const slice = Math.floor(nowSeconds / this.sliceSeconds);
    if (slice > this.newest) this.advance(slice);
  }

  /** Makes `slice` the newest and takes out those that leave the window thereby. */
  private advance(slice: number): void {
    const leaving = Math.min(this.slices, slice - this.newest);
    for (let k = 0; k < leaving; k++) this.takeOut(this.placeOf(slice - k));
    this.newest = slice;
  }

  private takeOut(place: number): void {
    const base = place * BUCKETS;
    const last = this.lastUsed[place]!;
    for (let bucket = this.firstUsed[place]!; bucket <= last; bucket++) {
      const count = this.counts[base + bucket]!;
      this.totals[bucket]! -= count;
      this.inWindow -= count;
      this.counts[base + bucket] = 0;
    }
    this.firstUsed[place] = BUCKETS;
    this.lastUsed[place] = -1;
  }

  private placeOf(slice: number): number {
    const place = slice % this.slices;
    return place < 0 ? place + this.slices : place;
  }
}
