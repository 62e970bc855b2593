import { hysteresisAt, type Hysteresis } from '../analysis/slo-search/hysteresis.js';
import type { SearchStanding, SearchStep } from '../analysis/slo-search/replay.js';
import type { SearchSpec } from '../config/spec.js';
import { orNull } from './figures.js';
import type { SearchFigures } from './search-schema.js';

/** A search as `result.json` has it. */
export function searchFigures({ from, to, tolerance }: SearchSpec, standing: SearchStanding): SearchFigures {
  const { steps, bracket, estimate, next, elapsed } = standing;
  return {
    from,
    to,
    tolerance,
    end: next.kind === 'end' ? next.end : null,
    lastPass: bracket.pass,
    firstFail: bracket.fail,
    estimate: orNull(estimate),
    seconds: elapsed,
    steps: steps.map(stepFigures),
    hysteresis: hysteresisFigures(standing),
  };
}

function stepFigures(step: SearchStep): SearchFigures['steps'][number] {
  const { role, approach, load, level, windows, outcome, reason, decision, measuredSeconds, seconds } = step;
  const objectives = decision.objectives.map((objective) => {
    const { slo, required, good, bad, undecided, lower, upper, designEffect, claim, needed } = objective;
    const share = orNull(good / (good + bad));
    return { slo, required, good, bad, undecided, share, lower, upper, designEffect, claim, needed };
  });
  const samples = Math.min(...objectives.map(({ good, bad }) => good + bad));
  const { binding } = decision;
  return {
    role,
    approach,
    load,
    level,
    windows,
    outcome,
    reason,
    binding,
    samples,
    measuredSeconds,
    seconds,
    objectives,
  };
}

/** Of the load that a probe spoke against, if there is one; else of the highest passing one. */
function hysteresisFigures({ steps, bracket }: SearchStanding): SearchFigures['hysteresis'] {
  const failed = steps.findLast(({ role, outcome }) => role === 'probe' && outcome === 'fail');
  const load = failed?.load ?? bracket.pass;
  const found: Hysteresis | null = load === null ? null : hysteresisAt(steps, load);
  if (found === null) return null;
  return { ...found, shareFromBelow: orNull(found.shareFromBelow), shareFromAbove: orNull(found.shareFromAbove) };
}
