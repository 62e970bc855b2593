import type { Distribution } from '../config/spec.js';

/** Φ: share of a standard normal below `z`; |error| < 1.5e-7 (Abramowitz and Stegun, formula 7.1.26). */
function normalBelow(z: number): number {
  if (z === Infinity) return 1;
  if (z === -Infinity) return 0;
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - sum * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** `value · share` where an infinite bound has no share. */
function atBound(value: number, share: number): number {
  return share === 0 ? 0 : value * share;
}

/** Mean of a normal whose values beyond the bounds are put on the bounds. */
function clippedNormalMean(mean: number, stddev: number, min: number, max: number): number {
  if (stddev === 0) return Math.min(max, Math.max(min, mean));
  const low = (min - mean) / stddev;
  const high = (max - mean) / stddev;
  const inside = normalBelow(high) - normalBelow(low);
  const middle = mean * inside + stddev * (normalDensity(low) - normalDensity(high));
  return atBound(min, normalBelow(low)) + middle + atBound(max, 1 - normalBelow(high));
}

/** Mean of a lognormal whose values beyond the bounds are put on the bounds. */
function clippedLognormalMean(median: number, sigma: number, min: number, max: number): number {
  if (sigma === 0) return Math.min(max, Math.max(min, median));
  const low = Math.log(Math.max(min, Number.MIN_VALUE) / median) / sigma;
  const high = Math.log(max / median) / sigma;
  const middle = median * Math.exp((sigma * sigma) / 2) * (normalBelow(high - sigma) - normalBelow(low - sigma));
  return atBound(min, normalBelow(low)) + middle + atBound(max, 1 - normalBelow(high));
}

/** Mean of the drawn (clipped, unrounded) values. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'normal':
      return clippedNormalMean(distribution.mean, distribution.stddev, distribution.min, distribution.max);
    case 'lognormal':
      return clippedLognormalMean(distribution.median, distribution.sigma, distribution.min, distribution.max);
  }
}

/** Largest value that can be drawn. */
export function largestOf(distribution: Distribution): number {
  return distribution.kind === 'fixed' ? distribution.value : distribution.max;
}

/** The distribution in words, e.g. `256` or `lognormal, median 300, sigma 0.5, 16 to 2048`. */
export function describeDistribution(distribution: Distribution): string {
  switch (distribution.kind) {
    case 'fixed':
      return String(distribution.value);
    case 'uniform':
      return `uniform ${distribution.min} to ${distribution.max}`;
    case 'normal': {
      const { mean, stddev, min, max } = distribution;
      return `normal, mean ${mean}, standard deviation ${stddev}, ${min} to ${max}`;
    }
    case 'lognormal': {
      const { median, sigma, min, max } = distribution;
      return `lognormal, median ${median}, sigma ${sigma}, ${min} to ${max}`;
    }
  }
}
