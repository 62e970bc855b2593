import { seededRandom, valueAt, type Interval } from './bootstrap.js';
import { minimise } from './nelder-mead.js';

/** X(N) = γN / (1 + α(N − 1) + βN(N − 1)) (Gunther 1993, 2007). */
export interface UslFit {
  /** Throughput of one user, per second. */
  gamma: number;
  /** Contention, ≥ 0. */
  alpha: number;
  /** Coherence, ≥ 0; 0: throughput has no maximum. */
  beta: number;
  /** 1 − residual ÷ total sum of squares of the throughput. */
  r2: number;
  /** √((1 − α)/β), where throughput is highest; null: no maximum. */
  peak: number | null;
}

/** Below this share of cost that one user adds at a thousand users, β cannot be told from 0. */
const NO_COHERENCE = 1e-9;
const STARTS = [0, 0.1, 0.4] as const;
const REPLICATES = 200;
const SEED = 0x051;

/** Throughput that a fit expects of n users. */
export function uslAt({ gamma, alpha, beta }: Pick<UslFit, 'gamma' | 'alpha' | 'beta'>, n: number): number {
  return (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
}

/**
 * Least squares on relative residuals with α and β ≥ 0, from several starts. γ has a closed form for each α and β; these
 * two are searched as squares, which keeps them from going below 0. null for fewer than 4 points or values not above 0.
 */
export function fitUsl(users: readonly number[], throughput: readonly number[]): UslFit | null {
  if (users.length < 4 || ![...users, ...throughput].every((value) => value > 0 && Number.isFinite(value))) return null;
  const starts = STARTS.flatMap((a) => STARTS.map((b) => [a, b / 10]));
  return bestFit(users, throughput, starts);
}

/** 95 % interval of the peak by resampling relative residuals; infinite where resamples have no maximum. Seeded. */
export function uslPeakInterval(users: readonly number[], throughput: readonly number[], fit: UslFit): Interval {
  const random = seededRandom(SEED);
  const scale = Math.sqrt(users.length / Math.max(1, users.length - 3));
  const residuals = users.map((n, i) => (throughput[i]! / uslAt(fit, n) - 1) * scale);
  const peaks = new Float64Array(REPLICATES);
  const start = [[Math.sqrt(fit.alpha), Math.sqrt(fit.beta)]];
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const drawn = users.map((n) => {
      const residual = residuals[Math.floor(random() * residuals.length)]!;
      return uslAt(fit, n) * Math.max(0.05, 1 + residual);
    });
    peaks[replicate] = bestFit(users, drawn, start).peak ?? Infinity;
  }
  peaks.sort();
  return { lower: valueAt(peaks, 0.025), upper: valueAt(peaks, 0.975) };
}

function bestFit(users: readonly number[], throughput: readonly number[], starts: readonly number[][]): UslFit {
  const cost = ([a, b]: readonly number[]): number => relativeFit(users, throughput, a! * a!, b! * b!).cost;
  const found = starts.map((start) => minimise(cost, start)).reduce((a, b) => (b.value < a.value ? b : a));
  const alpha = found.at[0]! ** 2;
  const beta = found.at[1]! ** 2;
  const { gamma } = relativeFit(users, throughput, alpha, beta);
  const hasPeak = beta > NO_COHERENCE && alpha < 1;
  return {
    gamma,
    alpha,
    beta,
    r2: rSquared(
      throughput,
      users.map((n) => uslAt({ gamma, alpha, beta }, n)),
    ),
    peak: hasPeak ? Math.sqrt((1 - alpha) / beta) : null,
  };
}

function relativeFit(
  users: readonly number[],
  throughput: readonly number[],
  alpha: number,
  beta: number,
): { gamma: number; cost: number } {
  const shape = users.map((n, i) => uslAt({ gamma: 1, alpha, beta }, n) / throughput[i]!);
  let first = 0;
  let second = 0;
  for (const value of shape) {
    first += value;
    second += value * value;
  }
  const gamma = first / second;
  let cost = 0;
  for (const value of shape) cost += (1 - gamma * value) ** 2;
  return { gamma, cost };
}

/** 1 − Σ(y − ŷ)² ÷ Σ(y − ȳ)². */
export function rSquared(y: readonly number[], fitted: readonly number[]): number {
  const average = y.reduce((sum, value) => sum + value, 0) / y.length;
  let residual = 0;
  let total = 0;
  y.forEach((value, i) => {
    residual += (value - fitted[i]!) ** 2;
    total += (value - average) ** 2;
  });
  return 1 - residual / total;
}
