import { ERROR_OBJECTIVE } from '../../measure/slo-judge.js';
import type { LevelEvidence, ObjectiveEvidence } from './level-evidence.js';
import { factorNeeded, proves, shareBounds, type Counts, type ShareBounds } from './share-test.js';

/** Error probability of each one-sided claim about a level, over all looks together. */
export const ALPHA = 0.025;
/** A level does not pass before each user's request has been replaced this many times: a stall comes and goes. */
const LEAST_TURNOVERS = 3;

/** A level is given up after this share of its longest measurement, if it would take this many of them. */
const HOPELESS = { after: 0.1, caps: 3 };

export type Claim = 'pass' | 'fail' | 'open';

/** What is claimed of one objective, with the always-valid 95 % interval of its share. */
export interface ObjectiveClaim extends ObjectiveEvidence, ShareBounds {
  claim: Claim;
  /** Requests that would decide it at the share observed; null when decided, or when no number would. */
  needed: number | null;
}

/** What is claimed of a level. */
export interface LevelClaim {
  claim: Claim;
  objectives: ObjectiveClaim[];
  /** The objective that decides: the one that fails the most clearly, else the one that is the furthest from a proof. */
  binding: string;
}

/** The least that a level is measured. */
export interface LeastSample {
  seconds: number;
  samples: number;
}

/**
 * The sequential decision: *pass* once every latency objective is proven to be met, *fail* once any objective is proven
 * to be missed, else *open*. Each claim is wrong with a probability of at most 2.5 % however often it is asked
 * (`logEvidence`); all objectives must pass, so passing needs no correction (intersection–union, Berger 1982), and the
 * chance to fail is split among them (Bonferroni). Errors can only fail a level, unless they are the only objective: to
 * prove 1 % would take many times the requests that the latency objectives need; their observed share must be met.
 */
export function decideLevel(evidence: LevelEvidence, measuredSeconds: number, least: LeastSample): LevelClaim {
  const { objectives: all, samples, turnover } = evidence;
  const early = measuredSeconds < least.seconds || samples < least.samples;
  const alphaFail = ALPHA / all.length;
  const objectives = all.map((objective) => claimOf(objective, alphaFail, early));
  const onlyErrors = all.every(({ slo }) => slo === ERROR_OBJECTIVE);
  const failed = objectives.filter(({ claim }) => claim === 'fail');
  const isGranted = (objective: ObjectiveClaim): boolean =>
    objective.slo === ERROR_OBJECTIVE && !onlyErrors && observedPass(objective);
  const passed = objectives.every((objective) => isGranted(objective) || objective.claim === 'pass');
  const turned = measuredSeconds >= LEAST_TURNOVERS * turnover;
  const claim = failed.length > 0 ? 'fail' : passed && turned && !early ? 'pass' : 'open';
  const toProve = objectives.filter((objective) => !isGranted(objective));
  const binding = failed.length > 0 ? lowest(failed, observed) : lowest(toProve, ({ lower }) => lower);
  return { claim, objectives, binding };
}

function claimOf(objective: ObjectiveEvidence, alphaFail: number, early: boolean): ObjectiveClaim {
  const { good, bad, undecided, designEffect, required } = objective;
  const worth = (counts: Counts): Counts => ({ good: counts.good / designEffect, bad: counts.bad / designEffect });
  const worst = worth({ good, bad: bad + undecided });
  const best = worth({ good: good + undecided, bad });
  const bounds = {
    lower: shareBounds(worst, ALPHA, alphaFail).lower,
    upper: shareBounds(best, ALPHA, alphaFail).upper,
  };
  if (required >= 1) return { ...objective, ...bounds, claim: bad > 0 && !early ? 'fail' : 'open', needed: null };
  let claim: Claim = 'open';
  if (!early && proves('above', required, worst, ALPHA)) claim = 'pass';
  if (!early && proves('below', required, best, alphaFail)) claim = 'fail';
  const seen = good + bad;
  const factor = claim === 'open' && seen > 0 ? factorNeeded(required, worth({ good, bad }), alphaFail) : null;
  return { ...objective, ...bounds, claim, needed: factor === null ? null : Math.ceil(seen * factor) };
}

/**
 * Whether a level that is still open is not worth its remaining time: at the shares observed, what decides it would take
 * more than three times the longest it may be measured. Giving up early proves nothing, so it needs no correction.
 */
export function isHopeless({ claim, objectives }: LevelClaim, measuredSeconds: number, capSeconds: number): boolean {
  if (claim !== 'open' || measuredSeconds < HOPELESS.after * capSeconds) return false;
  const undecided = objectives.filter((objective) => objective.claim === 'open' && objective.good + objective.bad > 0);
  return undecided.some(({ needed, good, bad }) => {
    const seconds = needed === null ? Infinity : (measuredSeconds * needed) / (good + bad);
    return seconds > HOPELESS.caps * capSeconds;
  });
}

const observedPass = ({ good, bad, undecided, required }: ObjectiveEvidence): boolean =>
  good >= required * (good + bad + undecided) - 1e-9;

const observed = ({ good, bad }: ObjectiveClaim): number => good / (good + bad);

/** The objective whose share is the lowest against what is required, in standard deviations of one request. */
function lowest(objectives: readonly ObjectiveClaim[], share: (objective: ObjectiveClaim) => number): string {
  const distance = (objective: ObjectiveClaim): number =>
    (share(objective) - objective.required) / Math.sqrt(objective.required * (1 - objective.required));
  return objectives.reduce((worst, next) => (distance(next) < distance(worst) ? next : worst)).slo;
}
