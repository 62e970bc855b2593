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
  /** Half the width of its 95 % interval. */
  uncertainty: number;
}

const MOST_BATCHES = 20;
const MATERIAL_CHANGE = 0.1;
/** A change that can be excluded makes a series flat. */
const EXCLUDED_CHANGE = 0.3;

/**
 * Straight line through at most 20 batch means by least squares, with Student's t interval of its slope. Batches because
 * neighbours in time resemble each other, and because a few outliers should not make a trend.
 */
export function trend(series: readonly TimedValue[]): Trend {
  const size = Math.ceil(series.length / MOST_BATCHES);
  if (series.length < 3) return { change: NaN, uncertainty: NaN };
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
  const scale = (series.at(-1)!.at - series[0]!.at) / Math.abs(meanY);
  return {
    change: slope === 0 ? 0 : slope * scale,
    uncertainty: error === 0 ? 0 : student975(n - 2) * error * scale,
  };
}

/** A trend that matters: beyond chance, and more than a tenth of the mean over the span. */
export function hasTrend({ change, uncertainty }: Trend): boolean {
  return Math.abs(change) > uncertainty && Math.abs(change) > MATERIAL_CHANGE;
}

/** Shown to be flat: a change of more than 30 % of the mean over the span can be excluded. */
export function isFlat({ change, uncertainty }: Trend): boolean {
  return Math.abs(change) + uncertainty < EXCLUDED_CHANGE;
}
