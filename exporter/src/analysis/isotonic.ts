/**
 * Weighted least squares fit that never rises: pool adjacent violators (Barlow, Bartholomew, Bremner and Brunk 1972).
 * As long as `values`; weights above 0.
 */
export function nonIncreasing(values: readonly number[], weights: readonly number[]): number[] {
  const pools: { value: number; weight: number; size: number }[] = [];
  values.forEach((value, i) => {
    let pool = { value, weight: weights[i]!, size: 1 };
    for (let last = pools.at(-1); last !== undefined && last.value < pool.value; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      pool = {
        value: (last.value * last.weight + pool.value * pool.weight) / weight,
        weight,
        size: last.size + pool.size,
      };
    }
    pools.push(pool);
  });
  return pools.flatMap(({ value, size }) => Array.from({ length: size }, () => value));
}

/**
 * Where a non-increasing curve through (x, y), straight between the points, falls below `level`: −∞ when it begins
 * below, +∞ when it never does.
 */
export function crossing(x: readonly number[], y: readonly number[], level: number): number {
  const below = y.findIndex((value) => value < level);
  if (below === -1) return Infinity;
  if (below === 0) return -Infinity;
  const [x0, x1, y0, y1] = [x[below - 1]!, x[below]!, y[below - 1]!, y[below]!];
  return x0 + ((y0 - level) / (y0 - y1)) * (x1 - x0);
}
