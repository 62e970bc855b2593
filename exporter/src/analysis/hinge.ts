import { seededRandom, valueAt, type Interval } from './bootstrap.js';
import { fTail } from './distributions.js';
import { student975 } from './student.js';

/** y = base + before · x + slope · max(0, x − at). */
export interface HingeFit {
  at: number;
  base: number;
  /** Slope before the hinge; 0 where it was held flat. */
  before: number;
  /** Slope added beyond the hinge. */
  slope: number;
  /** Residual sum of squares, and that of a straight line through all points. */
  sse: number;
  lineSse: number;
  /** F against the straight line, and P(F > f) under it: approximate, since the hinge's place is searched for. */
  f: number;
  p: number;
  /** BIC of the straight line minus that of the hinge; positive favours the hinge. */
  bicGain: number;
}

export interface HingeOptions {
  /** Hold the part before the hinge flat, as TTFT is while nothing queues. */
  flatBefore: boolean;
}

const GRID = 300;
const REPLICATES = 300;
const REFINEMENTS = 12;
const LEAST_POINTS = 5;
const SEED = 0x41e6e;

/**
 * The hinge (one-break segmented line; Muggeo 2003) with the least squared error: the break is searched on a grid finer
 * than the points, from the first to the last but one (beyond which the second slope has nothing to stand on), then
 * refined. `x` ascending. null for fewer than 5 points, no spread, or unknown values.
 */
export function fitHinge(x: readonly number[], y: readonly number[], { flatBefore }: HingeOptions): HingeFit | null {
  const n = x.length;
  if (n < LEAST_POINTS || n !== y.length || ![...x, ...y].every(Number.isFinite)) return null;
  if (!(x[n - 2]! > x[0]!)) return null;
  const line = solve(x, y, NaN, false);
  const hinge = solve(x, y, new BreakGrid(x, flatBefore).best(y), flatBefore);
  const parameters = parametersOf(flatBefore);
  const restrictions = parameters - 2;
  const floor = Number.MIN_VALUE;
  const freedom = n - parameters;
  const f = Math.max(0, (line.sse - hinge.sse) / restrictions / Math.max(floor, hinge.sse / freedom));
  return {
    ...hinge,
    lineSse: line.sse,
    f,
    p: freedom > 0 ? fTail(f, restrictions, freedom) : NaN,
    bicGain: n * Math.log(Math.max(floor, line.sse) / Math.max(floor, hinge.sse)) - restrictions * Math.log(n),
  };
}

/**
 * 95 % interval of the hinge's place, wide rather than narrow for a few levels: all places whose squared error the F test
 * does not tell from the least (the profile interval; Draper and Smith 1998, §24.2), joined with the t interval of the
 * delete-one jackknife (Efron 1982) and with a wild bootstrap of the residuals (Liu 1988), neither of which takes the
 * scatter to be equal before and beyond the hinge. Seeded.
 */
export function hingeInterval(
  x: readonly number[],
  y: readonly number[],
  fit: HingeFit,
  { flatBefore }: HingeOptions,
): Interval {
  const grid = new BreakGrid(x, flatBefore);
  const freedom = Math.max(1, x.length - parametersOf(flatBefore));
  const student = student975(freedom);
  const profile = grid.within(y, fit.sse * (1 + student ** 2 / freedom), fit.at);
  const resampled = bootstrapPlaces(x, y, fit, grid, Math.sqrt(x.length / freedom));
  const reach = student * jackknifeError(x, y, flatBefore);
  return {
    lower: Math.max(x[0]!, Math.min(profile.lower, valueAt(resampled, 0.025), fit.at - reach)),
    upper: Math.min(x.at(-1)!, Math.max(profile.upper, valueAt(resampled, 0.975), fit.at + reach)),
  };
}

/** Standard error of the hinge's place from the fits that leave out one point each. */
function jackknifeError(x: readonly number[], y: readonly number[], flatBefore: boolean): number {
  const n = x.length;
  const without = (values: readonly number[], index: number): number[] => values.filter((_, i) => i !== index);
  const places = x.map((_, index) => new BreakGrid(without(x, index), flatBefore).nearest(without(y, index)));
  const average = mean(places);
  const spread = places.reduce((sum, place) => sum + (place - average) ** 2, 0);
  return Math.sqrt((spread * (n - 1)) / n);
}

function bootstrapPlaces(
  x: readonly number[],
  y: readonly number[],
  fit: HingeFit,
  grid: BreakGrid,
  scale: number,
): Float64Array {
  const random = seededRandom(SEED);
  const fitted = x.map((value) => hingeAt(fit, value));
  const residuals = fitted.map((value, i) => scale * (y[i]! - value));
  const drawn = [...fitted];
  const places = new Float64Array(REPLICATES);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = fitted[i]! + (random() < 0.5 ? -1 : 1) * residuals[i]!;
    places[replicate] = grid.nearest(drawn);
  }
  return places.sort();
}

function parametersOf(flatBefore: boolean): number {
  return flatBefore ? 3 : 4;
}

/** The fitted value at x. */
export function hingeAt(
  { at, base, before, slope }: Pick<HingeFit, 'at' | 'base' | 'before' | 'slope'>,
  x: number,
): number {
  return base + before * x + slope * Math.max(0, x - at);
}

type Solved = Pick<HingeFit, 'at' | 'base' | 'before' | 'slope' | 'sse'>;

/** What of a hinge's column the other columns cannot explain, scaled to length 1; its product with y is what it gains. */
type Direction = Float64Array;

/** Directions of the breaks on the grid for given x, which do not depend on y. */
class BreakGrid {
  private readonly directions: Direction[] = [];

  constructor(
    private readonly x: readonly number[],
    private readonly flatBefore: boolean,
  ) {
    for (let i = 0; i <= GRID; i++) this.directions.push(this.directionAt(this.place(i)));
  }

  /** The break that explains most of y. */
  best(y: readonly number[]): number {
    const at = this.nearest(y);
    return this.refined(at, gainOf(this.directionAt(at), y), y);
  }

  /** The break that explains most of y, to a step of the grid. */
  nearest(y: readonly number[]): number {
    let [index, most] = [0, -1];
    for (let i = 0; i < this.directions.length; i++) {
      const gained = gainOf(this.directions[i]!, y);
      if (gained > most) [index, most] = [i, gained];
    }
    return this.place(index);
  }

  /** The breaks that leave at most `bound` of squared error, from the lowest to the highest, a step wide at least. */
  within(y: readonly number[], bound: number, best: number): Interval {
    const left = solve(this.x, y, NaN, false);
    const b = centred(y);
    const total = this.flatBefore ? dot(b, b) : left.sse;
    let [lower, upper] = [best, best];
    this.directions.forEach((direction, i) => {
      if (total - gainOf(direction, y) > bound) return;
      lower = Math.min(lower, this.place(i));
      upper = Math.max(upper, this.place(i));
    });
    return { lower: Math.max(this.from, lower - this.step), upper: Math.min(this.to, upper + this.step) };
  }

  private place(index: number): number {
    return this.from + index * this.step;
  }

  private refined(coarse: number, gain: number, y: readonly number[]): number {
    let [at, most, step] = [coarse, gain, this.step];
    for (let round = 0; round < REFINEMENTS; round++) {
      step /= 2;
      for (const place of [at - step, at + step]) {
        if (place < this.from || place > this.to) continue;
        const gained = gainOf(this.directionAt(place), y);
        if (gained > most) [at, most] = [place, gained];
      }
    }
    return at;
  }

  private directionAt(at: number): Direction {
    const { x } = this;
    const column = centred(x.map((value) => Math.max(0, value - at)));
    if (!this.flatBefore) {
      const line = centred(x);
      const share = dot(column, line) / dot(line, line);
      for (let i = 0; i < column.length; i++) column[i]! -= share * line[i]!;
    }
    const length = Math.sqrt(dot(column, column));
    if (length < 1e-9 * (this.to - this.from)) return column.fill(0);
    return column.map((value) => value / length);
  }

  private get from(): number {
    return this.x[0]!;
  }

  private get to(): number {
    return this.x[this.x.length - 2]!;
  }

  private get step(): number {
    return (this.to - this.from) / GRID;
  }
}

function gainOf(direction: Direction, y: readonly number[]): number {
  const along = dot(direction, y);
  return along * along;
}

/** Least squares for a hinge at `at` (NaN: a straight line), by the normal equations of centred columns. */
function solve(x: readonly number[], y: readonly number[], at: number, flatBefore: boolean): Solved {
  const straight = Number.isNaN(at);
  const first = flatBefore && !straight ? null : x;
  const second = straight ? null : x.map((value) => Math.max(0, value - at));
  const { before, slope } = slopes(first, second, y);
  const base = mean(y) - before * mean(x) - (second === null ? 0 : slope * mean(second));
  let sse = 0;
  for (let i = 0; i < x.length; i++) sse += (y[i]! - base - before * x[i]! - slope * (second?.[i] ?? 0)) ** 2;
  return { at, base, before, slope, sse };
}

function slopes(
  first: readonly number[] | null,
  second: readonly number[] | null,
  y: readonly number[],
): { before: number; slope: number } {
  const b = centred(y);
  if (first === null || second === null) {
    const only = centred(first ?? second ?? []);
    const size = dot(only, only);
    const slope = size > 0 ? dot(only, b) / size : 0;
    return first === null ? { before: 0, slope } : { before: slope, slope: 0 };
  }
  const [u, v] = [centred(first), centred(second)];
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
  const determinant = uu * vv - uv * uv;
  if (determinant <= 1e-12 * uu * vv) return { before: dot(u, b) / uu, slope: 0 };
  return {
    before: (dot(u, b) * vv - dot(v, b) * uv) / determinant,
    slope: (dot(v, b) * uu - dot(u, b) * uv) / determinant,
  };
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function centred(values: readonly number[]): Float64Array {
  const average = mean(values);
  return Float64Array.from(values, (value) => value - average);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
