/** Seconds from one arrival to the next at `perSecond` arrivals per second. */
export type ArrivalGaps = (perSecond: number) => number;

/** Evenly spaced arrivals. */
export const constantGaps: ArrivalGaps = (perSecond) => 1 / perSecond;

/** Memoryless arrivals: exponential gaps. `random` gives numbers in [0, 1). */
export function poissonGaps(random: () => number): ArrivalGaps {
  return (perSecond) => -Math.log(1 - random()) / perSecond;
}
