/** Seconds from one arrival to the next at `perSecond` arrivals per second. */
export type ArrivalGaps = (perSecond: number) => number;

/** Evenly spaced arrivals. */
export const constantGaps: ArrivalGaps = (perSecond) => 1 / perSecond;

/**
 * Gamma arrivals: gaps from a gamma distribution of shape `burstiness` and mean 1 ÷ rate, so that the mean rate stays as
 * asked while the gaps' coefficient of variation is 1/√burstiness (mean k·θ = 1/rate and variance k·θ², so CV² = 1/k):
 * 1 is poisson, below 1 comes in bursts, above 1 is more even. Drawn by Marsaglia and Tsang (2000); for a shape below 1
 * as a gap of shape + 1 times U^(1/shape). `random` gives numbers in [0, 1).
 */
export function gammaGaps(burstiness: number, random: () => number): ArrivalGaps {
  return (perSecond) => drawGamma(burstiness, random) / (burstiness * perSecond);
}

/** One value of the gamma distribution of this shape and scale 1. */
function drawGamma(shape: number, random: () => number): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller (1958). */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Memoryless arrivals: exponential gaps. `random` gives numbers in [0, 1). */
export function poissonGaps(random: () => number): ArrivalGaps {
  return (perSecond) => -Math.log(1 - random()) / perSecond;
}
