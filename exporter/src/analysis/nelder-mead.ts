/** A point and the function's value there. */
export interface Minimum {
  at: number[];
  value: number;
}

const STEP = 0.1;
const MOST_ROUNDS = 600;
const PRECISION = 1e-13;

/** Minimum of a smooth function of few variables by the downhill simplex (Nelder and Mead 1965). */
export function minimise(cost: (at: readonly number[]) => number, start: readonly number[]): Minimum {
  const at = (point: number[]): Minimum => ({ at: point, value: cost(point) });
  const simplex = [at([...start])];
  start.forEach((value, i) => simplex.push(at(start.with(i, value + STEP * Math.max(0.1, Math.abs(value))))));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    if (worst.value - best.value <= PRECISION * (Math.abs(best.value) + PRECISION) && width(simplex) < 1e-9) break;
    replaceWorst(simplex, at);
  }
  return simplex.reduce((a, b) => (b.value < a.value ? b : a));
}

function width(simplex: readonly Minimum[]): number {
  const best = simplex[0]!.at;
  return Math.max(...simplex.map(({ at }) => Math.max(...at.map((value, i) => Math.abs(value - best[i]!)))));
}

/** `simplex` ascending by value. */
function replaceWorst(simplex: Minimum[], evaluate: (point: number[]) => Minimum): void {
  const worst = simplex.pop()!;
  const dimensions = worst.at.length;
  const centre = worst.at.map((_, i) => simplex.reduce((sum, { at }) => sum + at[i]!, 0) / dimensions);
  const along = (share: number): Minimum => evaluate(centre.map((value, i) => value + share * (worst.at[i]! - value)));
  const reflected = along(-1);
  if (reflected.value < simplex[0]!.value) {
    const expanded = along(-2);
    simplex.push(expanded.value < reflected.value ? expanded : reflected);
  } else if (reflected.value < simplex.at(-1)!.value) {
    simplex.push(reflected);
  } else {
    const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
    if (contracted.value < Math.min(reflected.value, worst.value)) simplex.push(contracted);
    else shrink(simplex, worst, evaluate);
  }
}

function shrink(simplex: Minimum[], worst: Minimum, evaluate: (point: number[]) => Minimum): void {
  simplex.push(worst);
  const best = simplex[0]!.at;
  for (let i = 1; i < simplex.length; i++) {
    simplex[i] = evaluate(simplex[i]!.at.map((value, j) => best[j]! + 0.5 * (value - best[j]!)));
  }
}
