/** A time until something happened, or until it was last seen not to have happened yet. */
export interface Lifetime {
  seconds: number;
  /** False: censored; it would have taken longer. */
  happened: boolean;
}

/** One step of the survival curve: the share that takes longer than `seconds`. */
export interface SurvivalStep {
  seconds: number;
  survival: number;
}

/**
 * The survival curve of partly censored times, S(t) = Π (1 − d/n) over the times at which d of n still at risk happened
 * (Kaplan and Meier 1958). Assumes that what censors does not depend on how long it would have taken.
 */
export function survivalCurve(lifetimes: readonly Lifetime[]): SurvivalStep[] {
  const sorted = lifetimes.filter(({ seconds }) => !Number.isNaN(seconds)).toSorted((a, b) => a.seconds - b.seconds);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  for (let i = 0; i < sorted.length;) {
    const { seconds } = sorted[i]!;
    const atRisk = sorted.length - i;
    let happened = 0;
    for (; i < sorted.length && sorted[i]!.seconds === seconds; i++) if (sorted[i]!.happened) happened += 1;
    if (happened === 0) continue;
    survival *= 1 - happened / atRisk;
    steps.push({ seconds, survival });
  }
  return steps;
}

/** Smallest time by which a share q has happened; Infinity: never seen, only that it lies beyond; NaN: no data. */
export function survivalQuantile(curve: readonly SurvivalStep[], q: number): number {
  if (curve.length === 0) return NaN;
  return curve.find(({ survival }) => survival <= 1 - q + 1e-12)?.seconds ?? Infinity;
}
