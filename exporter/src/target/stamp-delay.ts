const PER_OCTAVE = 8;
const OCTAVES = 24;
const FIRST_SECONDS = 1e-6;

/** Number of buckets of `StampDelayCounts`. */
export const STAMP_DELAY_BUCKETS = 2 + PER_OCTAVE * OCTAVES;

/** Upper edge, in seconds, of a bucket: 1 µs · 2^(i/8), about 9 % wide; the last one takes everything above 17 s. */
export function stampDelayEdge(bucket: number): number {
  return FIRST_SECONDS * 2 ** (bucket / PER_OCTAVE);
}

/** The q-quantile of counts in the buckets of `StampDelayCounts`: its bucket's upper edge in seconds; NaN when empty. */
export function stampDelayQuantile(counts: ArrayLike<number>, q: number): number {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket]!;
  if (total === 0) return NaN;
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket]!;
    if (seen >= rank) return stampDelayEdge(bucket);
  }
  return stampDelayEdge(counts.length - 1);
}

/**
 * Upper bounds of how late chunks were stamped, counted in logarithmic buckets. A chunk that became readable while the
 * loop was busy is stamped late by at most the time since the loop last asked the kernel.
 */
export class StampDelayCounts {
  private counts = new Uint32Array(STAMP_DELAY_BUCKETS);

  add(seconds: number): void {
    const bucket = seconds <= FIRST_SECONDS ? 0 : Math.ceil(Math.log2(seconds / FIRST_SECONDS) * PER_OCTAVE);
    this.counts[bucket < STAMP_DELAY_BUCKETS ? bucket : STAMP_DELAY_BUCKETS - 1]! += 1;
  }

  /** Seconds; NaN when empty. */
  quantile(q: number): number {
    return stampDelayQuantile(this.counts, q);
  }

  /** Counts since the last call; begins anew. */
  take(): Uint32Array {
    const taken = this.counts;
    this.counts = new Uint32Array(STAMP_DELAY_BUCKETS);
    return taken;
  }
}
