import { NORMAL_975 } from '../student.js';
import type { ObjectiveClaim } from './level-decision.js';
import type { SearchStep } from './replay.js';

/** Whether a server bears a load as well after an overload as before one. */
export interface Hysteresis {
  load: number;
  /**
   * `none`: the load passes coming from above; `found`: it passes from below and is proven to do worse from above;
   * `undecided`: visited from above without a proof either way; `unchecked`: never visited from above.
   */
  verdict: 'none' | 'found' | 'undecided' | 'unchecked';
  /** Share of the objective that binds, coming from below and from above; NaN where not visited so. */
  shareFromBelow: number;
  shareFromAbove: number;
}

/** What the visits of one load, from below and from above, say of hysteresis. Null when the load was never visited. */
export function hysteresisAt(steps: readonly SearchStep[], load: number): Hysteresis | null {
  const visits = steps.filter((step) => step.load === load && step.outcome !== 'invalid');
  if (visits.length === 0) return null;
  const below = visits.find(({ approach }) => approach === 'below') ?? null;
  const above = visits.findLast(({ approach }) => approach === 'above') ?? null;
  const slo = (above ?? below)!.decision.binding;
  const of = (step: SearchStep | null): ObjectiveClaim | null =>
    step?.decision.objectives.find((objective) => objective.slo === slo) ?? null;
  const shares = { shareFromBelow: shareOf(of(below)), shareFromAbove: shareOf(of(above)) };
  if (above === null) return { load, verdict: 'unchecked', ...shares };
  if (above.outcome === 'pass') return { load, verdict: 'none', ...shares };
  const worse = above.outcome === 'fail' && isLower(of(above), of(below));
  return { load, verdict: worse ? 'found' : 'undecided', ...shares };
}

function shareOf(objective: ObjectiveClaim | null): number {
  return objective === null ? NaN : objective.good / (objective.good + objective.bad);
}

/** One share below the other beyond chance: difference of proportions, each at its effective size, 95 % two-sided. */
function isLower(a: ObjectiveClaim | null, b: ObjectiveClaim | null): boolean {
  if (a === null || b === null) return false;
  const worth = ({ good, bad, designEffect }: ObjectiveClaim): number => (good + bad) / designEffect;
  const pooled = (shareOf(a) * worth(a) + shareOf(b) * worth(b)) / (worth(a) + worth(b));
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / worth(a) + 1 / worth(b)));
  return error > 0 && (shareOf(b) - shareOf(a)) / error > NORMAL_975;
}
