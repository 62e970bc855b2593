/** Colours with one meaning each on every dashboard. */
export const COLORS = {
  p50: '#5794F2',
  p95: '#FF9830',
  p99: '#B877D9',
  slo: '#F2495C',
  good: '#73BF69',
  warn: '#F2CC0C',
  bad: '#F2495C',
  neutral: '#8E8E9C',
  running: '#5794F2',
  waiting: '#FF9830',
} as const;

export type ColorName = keyof typeof COLORS;

/** Units of Grafana. */
export type Unit =
  | 's'
  | 'percentunit'
  | 'reqps'
  | 'short'
  | 'none'
  | 'bytes'
  | 'decbytes'
  | 'watt'
  | 'celsius'
  | 'hertz'
  | 'Bps'
  | 'joule'
  | 'dateTimeAsIso'
  | 'suffix: tok/s'
  | 'suffix: J/token';

/** Values of `loadgen_level_verdict`. */
export const VERDICTS = [
  { value: 0, text: 'unknown', color: COLORS.neutral },
  { value: 1, text: 'clean', color: COLORS.good },
  { value: 2, text: 'degrading', color: COLORS.warn },
  { value: 3, text: 'saturated', color: COLORS.bad },
  { value: 4, text: 'invalid', color: COLORS.p99 },
] as const;
