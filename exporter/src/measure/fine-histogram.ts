import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

const MICROS = 1e6;
const HIGHEST_MICROS = 7200 * MICROS;

/**
 * HDR histogram of durations with 3 significant digits, in microseconds from 1 µs to 2 h: what pools the inter-token
 * gaps of a window (http://hdrhistogram.org). Less than half a microsecond counts as 0, more than 2 h as 2 h.
 */
export class FineHistogram {
  private constructor(private readonly histogram: Histogram) {}

  static create(): FineHistogram {
    return new FineHistogram(
      build({
        lowestDiscernibleValue: 1,
        highestTrackableValue: HIGHEST_MICROS,
        numberOfSignificantValueDigits: 3,
        bitBucketSize: 32,
        autoResize: false,
        useWebAssembly: false,
      }),
    );
  }

  /** Undoes `encode`. @throws Error when the text is not base64 of a compressed V2 encoding. */
  static decode(base64: string): FineHistogram {
    try {
      return new FineHistogram(decodeFromCompressedBase64(base64, 32, false));
    } catch (cause) {
      throw new Error(`not a base64 HDR histogram in V2 encoding: "${base64.slice(0, 20)}…"`, { cause });
    }
  }

  /** Counts one duration. Not finite: unknown, ignored. Negative counts as 0. Allocates nothing. */
  record(seconds: number): void {
    const micros = Math.max(0, Math.round(seconds * MICROS));
    if (!Number.isFinite(micros)) return;
    this.histogram.recordValue(Math.min(micros, HIGHEST_MICROS));
  }

  get count(): number {
    return this.histogram.totalCount;
  }

  /** Seconds, within 0.1 %; NaN when empty. */
  get mean(): number {
    return this.count === 0 ? NaN : this.histogram.mean / MICROS;
  }

  /**
   * Nearest rank ⌈q·n⌉: seconds, the upper end of the value's bucket, so at most 0.1 % (or 1 µs) above the exact one;
   * NaN when empty.
   */
  quantile(q: number): number {
    return this.count === 0 ? NaN : this.histogram.getValueAtPercentile(q * 100) / MICROS;
  }

  /** Adds the other one's counts to this one. */
  merge(other: FineHistogram): void {
    if (other.count > 0) this.histogram.add(other.histogram);
  }

  /** Base64 of the compressed V2 encoding, as HDR histogram tools of other languages read it. */
  encode(): string {
    return encodeIntoCompressedBase64(this.histogram);
  }
}
