import type { Engine, Role, RoleSeries } from '../measure/telemetry-roles.js';
import type { RoleValue } from './page.js';

/** One attempt to scrape, on the run's time line (seconds). */
export interface ScrapePoint {
  at: number;
  /** By index into the series; NaN: not told. null: no answer. */
  values: Float64Array | null;
  /** Why there was none; empty otherwise. */
  problem: string;
}

/** What an upstream told over a time: values in columns, so that hours of seconds fit into memory. */
export class UpstreamHistory {
  engine: Engine | null = null;
  readonly series: RoleSeries[] = [];
  /** In order of time. */
  readonly points: ScrapePoint[] = [];
  private readonly places = new Map<string, number>();

  constructor(
    readonly upstream: string,
    /** Between two scrapes, seconds. */
    readonly intervalSeconds: number,
  ) {}

  add(at: number, engine: Engine, values: readonly RoleValue[]): void {
    this.engine = engine;
    const places = values.map((value) => this.placeOf(value));
    const row = new Float64Array(this.series.length).fill(NaN);
    values.forEach(({ value }, index) => (row[places[index]!] = value));
    this.points.push({ at, values: row, problem: '' });
  }

  addFailure(at: number, problem: string): void {
    this.points.push({ at, values: null, problem });
  }

  /** Indices of a role's series, one a worker and device. */
  seriesOf(role: Role): number[] {
    return this.series.flatMap((series, index) => (series.role === role ? [index] : []));
  }

  private placeOf({ role, replica, device }: RoleSeries): number {
    const key = `${role}\n${replica}\n${device}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.series.length);
    this.series.push({ role, replica, device });
    return this.series.length - 1;
  }
}

/** A series' value at a point; NaN where it has none (rows from before a series was first seen are shorter). */
export function valueAt({ values }: ScrapePoint, series: number): number {
  return values?.[series] ?? NaN;
}

/** Points at or after `from` and not after `to`: of a long run, a window's are few. */
export function pointsBetween({ points }: UpstreamHistory, from: number, to: number): ScrapePoint[] {
  return points.slice(
    firstIndex(points, (at) => at >= from),
    firstIndex(points, (at) => at > to),
  );
}

/** Index of the first point whose time holds; the times that do are the later ones. */
function firstIndex(points: readonly ScrapePoint[], holds: (at: number) => boolean): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(points[middle]!.at)) high = middle;
    else low = middle + 1;
  }
  return low;
}
