/** Lanczos approximation of ln Γ(x), x > 0 (Lanczos 1964, g = 7), about 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const MOST_TERMS = 500;
const PRECISION = 1e-14;
const TINY = 1e-300;

/** ln Γ(x), x > 0. */
export function logGamma(x: number): number {
  const z = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * The regularised incomplete beta function I_x(a, b), a and b > 0, 0 ≤ x ≤ 1: the continued fraction of DLMF 8.17.22 by
 * Lentz's method, on the side of the mean where it converges fast. Also P(Bin(a + b − 1, x) ≥ a) for whole a and b.
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (Number.isNaN(x) || !(a > 0) || !(b > 0)) return NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(front) / a) * betaFraction(x, a, b);
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      change = d * c;
      result *= change;
    }
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return result;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** P(F > f) of Fisher's F with `above` and `below` degrees of freedom; NaN without freedom. */
export function fTail(f: number, above: number, below: number): number {
  if (!(above > 0) || !(below > 0) || Number.isNaN(f)) return NaN;
  if (f <= 0) return 1;
  return regularisedBeta(below / (below + above * f), below / 2, above / 2);
}
