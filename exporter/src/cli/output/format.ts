/** Stands for a figure that there is none of. */
export const MISSING = '–';

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : MISSING;
}

/** Seconds as milliseconds without the unit: `27.0`, `135`. */
export function milliseconds(seconds: number): string {
  const ms = seconds * 1000;
  return fixed(ms, Math.abs(ms) < 99.95 ? 1 : 0);
}

/** Seconds without the unit, to about three digits: `0.68`, `40.6`, `102`. */
export function seconds(value: number): string {
  return fixed(value, Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0);
}

/** A ratio as a percentage without the sign: `0.0`, `16.3`. */
export function percentage(ratio: number): string {
  return fixed(ratio * 100, 1);
}

/** Something per second, to about three digits: `1.21`, `29.5`, `3773`. */
export function rate(value: number): string {
  return seconds(value);
}

export function count(value: number): string {
  return fixed(value, 0);
}

/** A time left or gone: `0:07`, `12:30`, `1:02:03`. */
export function clockTime(value: number): string {
  if (!Number.isFinite(value)) return MISSING;
  const whole = Math.max(0, Math.round(value));
  const pad = (part: number): string => String(part).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** A figure right-aligned in `width`; one too long for it is written with an exponent. */
export function inColumn(text: string, width: number): string {
  return (text.length <= width ? text : Number(text).toExponential(0)).padStart(width).slice(-width);
}
