import { batchMeans } from './mser.js';
import { student975 } from './student.js';

/** A value at a time (seconds). */
export interface TimedValue {
  at: number;
  value: number;
}

export interface Trend {
  /** Fitted change over the series' span, as a share of its mean; NaN when it cannot be fitted. */
  change: number;
  /** The 95 % interval of the slope excludes 0. */
  significant: boolean;
  /** The change is more than a tenth of the mean. */
  material: boolean;
}

const MOST_BATCHES = 20;
const MATERIAL_CHANGE = 0.1;

/**
 * Straight line through at most 20 batch means by least squares, with Student's t interval of its slope. Batches because
 * neighbours in time resemble each other, and because a few outliers should not make a trend.
 */
export function trend(series: readonly TimedValue[]): Trend {
  const size = Math.ceil(series.length / MOST_BATCHES);
  if (series.length < 3) return { change: NaN, significant: false, material: false };
  const x = batchMeans(
    series.map((point) => point.at),
    size,
  );
  const y = batchMeans(
    series.map((point) => point.value),
    size,
  );
  const n = x.length;
  const meanX = x.reduce((sum, value) => sum + value, 0) / n;
  const meanY = y.reduce((sum, value) => sum + value, 0) / n;
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < n; i++) {
    sxx += (x[i]! - meanX) ** 2;
    sxy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  const residual = y.reduce((sum, value, i) => sum + (value - meanY - slope * (x[i]! - meanX)) ** 2, 0);
  const error = Math.sqrt(residual / Math.max(1, n - 2) / sxx);
  const change = (slope * (series.at(-1)!.at - series[0]!.at)) / Math.abs(meanY);
  return {
    change: slope === 0 ? 0 : change,
    significant: Math.abs(slope) > student975(n - 2) * error,
    material: slope !== 0 && Math.abs(change) > MATERIAL_CHANGE,
  };
}

/** A trend that matters: one that is both beyond chance and large. */
export function hasTrend(found: Trend): boolean {
  return found.significant && found.material;
}
