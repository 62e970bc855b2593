const FIRST_SECONDS = 0.1;
const LONGEST_SECONDS = 5;

/**
 * How long a user stays away after failures in a row: 0.1 s doubling to 5 s, with jitter of ±50 % so that users do not
 * return in step; never sooner than the server's Retry-After.
 */
export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number) {}

  succeeded(): void {
    this.failures = 0;
  }

  /** Seconds to wait now. `retryAfterSeconds` NaN: the server did not say. */
  failed(retryAfterSeconds: number): number {
    const base = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** this.failures);
    this.failures += 1;
    const jittered = Math.min(LONGEST_SECONDS, base * (0.5 + this.random()));
    return Number.isNaN(retryAfterSeconds) ? jittered : Math.max(jittered, retryAfterSeconds);
  }
}
