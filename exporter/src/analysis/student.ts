/** The standard normal's 97.5 % point. */
export const NORMAL_975 = 1.959963984540054;

/**
 * The 97.5 % point of Student's t with `freedom` degrees: exact for 1 and 2, else the Cornish-Fisher expansion
 * (Abramowitz and Stegun 26.7.5), within 0.3 % from 3 on. NaN for fewer than 1.
 */
export function student975(freedom: number): number {
  if (!(freedom >= 1)) return NaN;
  if (freedom < 2) return Math.tan(Math.PI * 0.475);
  if (freedom < 3) return 0.95 * Math.SQRT2 * Math.sqrt(1 / (1 - 0.95 * 0.95));
  const z = NORMAL_975;
  const v = freedom;
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * v ** 4)
  );
}
