/** How close the search has to come: a share of the boundary, or loads. */
export type Tolerance = { kind: 'relative'; ratio: number } | { kind: 'absolute'; load: number };

/** What a search may do. */
export interface SearchLimits {
  from: number;
  to: number;
  tolerance: Tolerance;
  /** Levels measured, the mirrored probe not counted. */
  maxLevels: number;
  /** Seconds of search, after which no further level begins. */
  maxSeconds: number;
  /** Loads are users, so whole numbers; else rates. */
  whole: boolean;
}

/**
 * How far above a passing load the lowest failing one may be at the end: for whole loads one more than the tolerance,
 * since the true boundary lies at least one user below a failing load.
 */
export function widestGap({ tolerance, whole }: SearchLimits, pass: number): number {
  const loads = tolerance.kind === 'relative' ? tolerance.ratio * pass : tolerance.load;
  return whole ? Math.max(1, Math.floor(loads + 1e-9)) + 1 : loads;
}
