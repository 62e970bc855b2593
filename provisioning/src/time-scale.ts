/**
 * All windows and waits of rules and scrapes come from one time-scale: 1 is what is shipped, 0.1 is the same a tenth as
 * long, so that a test sees an alert fire and resolve in seconds. Names of recorded series keep their shipped window.
 */
export class TimeScale {
  constructor(readonly factor: number) {}

  /** A PromQL duration of `seconds` at scale 1; to the millisecond. */
  span(seconds: number): string {
    return promDuration(seconds * this.factor);
  }

  /** `seconds` at scale 1, in seconds of this scale. */
  seconds(seconds: number): number {
    return seconds * this.factor;
  }
}

export const SHIPPED_SCALE = new TimeScale(1);

/** Seconds between two scrapes of the sidecar and the servers at scale 1. */
export const SCRAPE_SECONDS = 5;
/** Seconds between two evaluations of the rules at scale 1. */
export const EVALUATION_SECONDS = 5;

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const;

/** `90` → `90s`, `1800` → `30m`, `0.5` → `500ms`: the largest unit that takes it whole. @throws Error below 1 ms */
export function promDuration(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds < 1) throw new Error(`${seconds} s is no duration for PromQL: 1 ms is the shortest`);
  const unit = UNITS.find(([size]) => milliseconds % size === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[0]}${unit[1]}`;
}
