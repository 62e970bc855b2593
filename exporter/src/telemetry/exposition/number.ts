const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** A sample's value as Go and Python write them: decimal, `NaN`, `+Inf`, `-Inf`; null when it is none of these. */
export function parseSampleValue(text: string): number | null {
  const number = Number(text);
  // Number takes hexadecimal, octal and empty text too, which are none.
  if (number === number && DECIMAL.test(text)) return number;
  if (/^nan$/i.test(text)) return NaN;
  const infinite = INFINITE.exec(text);
  if (infinite === null) return null;
  return infinite[1] === '-' ? -Infinity : Infinity;
}
