import type { Figure } from './result-schema.js';

/** Shown where a value is unknown. */
export const UNKNOWN = '–';

/** Writes a known number; how, is the caller's. */
export type Write = (value: number) => string;

/** Seconds as milliseconds: `5.12ms`, `44.3ms`, `174ms`. */
export const asMilliseconds: Write = (seconds) => `${digits(seconds * 1000)}ms`;

/** Seconds as milliseconds without the unit. */
export const asBareMilliseconds: Write = (seconds) => digits(seconds * 1000);

/** Seconds: `0.679s`, `1.08s`, `40.6s`. */
export const asSeconds: Write = (seconds) => `${seconds.toFixed(seconds < 1 ? 3 : seconds < 10 ? 2 : 1)}s`;

/** Ratio as per cent with one decimal. */
export const asPercent: Write = (ratio) => `${(ratio * 100).toFixed(1)}%`;

/** Per second, two decimals as the seeds have it. */
export const asRate: Write = (value) => value.toFixed(2);

/** Tokens or tokens per second, one decimal. */
export const asTokens: Write = (value) => value.toFixed(1);

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** The value, with `*` where it is not to be relied on. */
export function show(figure: Figure, write: Write): string {
  return figure.value === null ? UNKNOWN : `${write(figure.value)}${figure.warning === null ? '' : '*'}`;
}

/** The value with its 95 % interval: `27.0ms (26.1ms–28.4ms)`, or the one bound that is known. */
export function showInterval(figure: Figure, write: Write): string {
  const { lower, upper } = figure;
  const value = show(figure, write);
  if (figure.value === null || (lower === null && upper === null)) return value;
  if (lower === null) return `${value} (≤ ${write(upper!)})`;
  if (upper === null) return `${value} (≥ ${write(lower)})`;
  return `${value} (${write(lower)}–${write(upper)})`;
}

/** A number as people write it: no trailing zeros. */
export const plainNumber = (value: number): string => String(Math.round(value * 1000) / 1000);

/** Seconds in words: `90 s`. */
export const inSeconds = (seconds: number): string => `${plainNumber(seconds)} s`;
