const DASH = '–';

/** `61 ms`, `2.21 s`, `1.5 min`; three digits. A dash for NaN. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return DASH;
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 0.9995e-3) return `${digits(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${digits(seconds * 1000)} ms`;
  if (size < 120) return `${digits(seconds)} s`;
  return `${digits(seconds / 60)} min`;
}

/** Three digits, thousands apart. A dash for NaN. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return DASH;
  return digits(value);
}

/** `1.7 %` of 0.017. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? `${digits(ratio * 100)} %` : DASH;
}

/** A level as it was given. */
export function formatLoad(load: number): string {
  return Number.isFinite(load) ? String(Number(load.toPrecision(6))) : DASH;
}

/** `+36 %`, `−4 %`, `×31`; empty when either is unknown. */
export function formatChange(value: number, base: number): string {
  const ratio = value / base;
  if (!Number.isFinite(ratio) || base <= 0) return '';
  if (ratio >= 3) return `×${digits(ratio)}`;
  const percent = Math.round((ratio - 1) * 100);
  if (percent === 0) return '±0 %';
  return percent > 0 ? `+${percent} %` : `−${-percent} %`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 999.5) return Math.round(value).toLocaleString('en').replaceAll(',', '\u202f');
  return String(Number(value.toPrecision(3)));
}
