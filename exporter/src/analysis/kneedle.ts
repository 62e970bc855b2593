/**
 * The knee of an increasing curve by Kneedle (Satopää, Albrecht, Irwin and Raghavan 2011) without smoothing: both axes
 * scaled to 0–1, a convex curve turned into a concave one, and the first local maximum of their difference after which
 * the difference falls below that maximum − S × mean step of x before the next one. `x` ascending. null: none found.
 */
export function kneedle(
  x: readonly number[],
  y: readonly number[],
  shape: 'concave' | 'convex',
  sensitivity = 1,
): number | null {
  const n = x.length;
  if (n < 3) return null;
  const unitX = scaled(x);
  const unitY = scaled(y);
  const concaveX = shape === 'concave' ? unitX : unitX.map((value) => 1 - value).reverse();
  const concaveY = shape === 'concave' ? unitY : unitY.map((value) => 1 - value).reverse();
  const index = firstKnee(concaveX, concaveY, sensitivity);
  if (index === null) return null;
  return x[shape === 'concave' ? index : n - 1 - index]!;
}

function firstKnee(x: readonly number[], y: readonly number[], sensitivity: number): number | null {
  const n = x.length;
  const difference = y.map((value, i) => value - x[i]!);
  const step = (x[n - 1]! - x[0]!) / (n - 1);
  let candidate: number | null = null;
  let threshold = 0;
  for (let i = 1; i < n; i++) {
    const isMaximum = i < n - 1 && difference[i]! >= difference[i - 1]! && difference[i]! >= difference[i + 1]!;
    if (isMaximum) {
      candidate = i;
      threshold = difference[i]! - sensitivity * step;
    } else if (candidate !== null && difference[i]! < threshold) {
      return candidate;
    }
  }
  return null;
}

function scaled(values: readonly number[]): number[] {
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  return values.map((value) => (range > 0 ? (value - least) / range : 0));
}
