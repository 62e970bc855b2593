/** Numbers as findings print them: milliseconds below a second, no false precision. */

export function sayTime(seconds: number): string {
  if (!Number.isFinite(seconds)) return Number.isNaN(seconds) ? 'unknown' : 'infinite';
  if (Math.abs(seconds) >= 100) return `${seconds.toFixed(0)} s`;
  if (Math.abs(seconds) >= 1) return `${trim(seconds.toPrecision(3))} s`;
  return `${trim((seconds * 1000).toPrecision(3))} ms`;
}

export function sayShare(ratio: number): string {
  return Number.isNaN(ratio) ? 'an unknown share' : `${(ratio * 100).toFixed(1)} %`;
}

/** A rate or load with three digits. */
export function sayNumber(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return Math.abs(value) >= 1000 ? value.toFixed(0) : trim(value.toPrecision(3));
}

/** `70 users`, or `2.5 req/s` in open loop. */
export function sayLoad(load: number, closed: boolean): string {
  if (!closed) return `${sayNumber(load)} req/s`;
  return `${sayNumber(load)} ${load === 1 ? 'user' : 'users'}`;
}

/** `90, 110 and 120 users`. */
export function sayLoads(loads: readonly number[], closed: boolean): string {
  const last = loads.at(-1);
  if (last === undefined) return '';
  const before = loads.slice(0, -1).map(sayNumber).join(', ');
  return before === '' ? sayLoad(last, closed) : `${before} and ${sayLoad(last, closed)}`;
}

/** Two decimals without a signless minus: `0.04`, `−0.42`. */
export function sayGainValue(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  return value < 0 && digits !== '0.00' ? `−${digits}` : digits;
}

/** `16.3 %`, or `16.3 % to 57.9 %` where they differ. */
export function sayShares(ratios: readonly number[]): string {
  const [least, most] = [sayShare(Math.min(...ratios)), sayShare(Math.max(...ratios))];
  return least === most ? least : `${least} to ${most}`;
}

/** `109 s to 119 s`, or one of them where they do not differ. */
export function sayTimes(seconds: readonly number[]): string {
  const [least, most] = [sayTime(Math.min(...seconds)), sayTime(Math.max(...seconds))];
  return least === most ? least : `${least} to ${most}`;
}

function trim(digits: string): string {
  const plain = String(Number(digits));
  return plain.includes('e') ? digits : plain;
}
