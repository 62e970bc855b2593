import { logGamma, regularisedBeta } from '../distributions.js';

/** Weight of the prior, in requests on the rarer side of the tested share: half of one, as in Jeffreys' prior. */
const PRIOR_RARE = 0.5;
/** Halvings of the interval search: bounds are exact to 2⁻²⁰. */
const HALVINGS = 20;

/** What was counted, in independent requests: dependent ones are divided by their design effect before. */
export interface Counts {
  good: number;
  bad: number;
}

/** 95 % always-valid interval of a share. */
export interface ShareBounds {
  lower: number;
  upper: number;
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/**
 * Natural logarithm of the evidence (an e-process) that the true share lies above (or below) `share`: the likelihood
 * ratio against `share`, averaged over the shares on that side with weights Beta(m·share, m·(1 − share)),
 *
 *   e = B(a + good, c + bad) / B(a, c) · P(side | a + good, c + bad) / P(side | a, c) / (share^good (1 − share)^bad).
 *
 * Each ratio is a supermartingale that begins at 1 while the true share lies on the other side, hence so is their mean,
 * and by Ville's inequality e ever reaches 1/α with a probability of at most α: it may be looked at after every request
 * (Ville 1939; Robbins 1970; Ramdas, Grünwald, Vovk and Shafer 2023, §2–4). 0 < share < 1.
 */
export function logEvidence(side: 'above' | 'below', share: number, { good, bad }: Counts): number {
  const prior = PRIOR_RARE / Math.min(share, 1 - share);
  const [a, c] = [prior * share, prior * (1 - share)];
  const massOnSide = (alpha: number, gamma: number): number =>
    side === 'above' ? regularisedBeta(1 - share, gamma, alpha) : regularisedBeta(share, alpha, gamma);
  return (
    logBeta(a + good, c + bad) -
    logBeta(a, c) +
    Math.log(massOnSide(a + good, c + bad)) -
    Math.log(massOnSide(a, c)) -
    good * Math.log(share) -
    bad * Math.log1p(-share)
  );
}

/** Whether the counts prove, at error probability `alpha` over all looks together, that the share is on that side. */
export function proves(side: 'above' | 'below', share: number, counts: Counts, alpha: number): boolean {
  return logEvidence(side, share, counts) >= -Math.log(alpha);
}

/**
 * The shares that the counts do not refute: the interval of a confidence sequence, which holds at all times at once with
 * error probability `alphaBelow` (that the truth is ever below `lower`) and `alphaAbove`. [0, 1] without data.
 */
export function shareBounds(counts: Counts, alphaBelow: number, alphaAbove: number): ShareBounds {
  const total = counts.good + counts.bad;
  if (!(total > 0)) return { lower: 0, upper: 1 };
  const mean = counts.good / total;
  return {
    lower: mean === 0 ? 0 : search(0, mean, (share) => proves('above', share, counts, alphaBelow)),
    upper: mean === 1 ? 1 : search(1, mean, (share) => proves('below', share, counts, alphaAbove)),
  };
}

/** The point between a refuted end and the mean where refutation ends. */
function search(refuted: number, mean: number, refutes: (share: number) => boolean): number {
  let [outer, inner] = [refuted, mean];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (outer + inner) / 2;
    if (refutes(middle)) outer = middle;
    else inner = middle;
  }
  return outer;
}

/**
 * How many times as many requests, at the share observed, it would take to prove on which side of `required` the share
 * lies; null where more than a million times would not do.
 */
export function factorNeeded(required: number, { good, bad }: Counts, alpha: number): number | null {
  const side = good / (good + bad) > required ? 'above' : 'below';
  const enough = (factor: number): boolean => proves(side, required, { good: good * factor, bad: bad * factor }, alpha);
  let high = 1;
  while (!enough(high)) {
    high *= 2;
    if (high > 1e6) return null;
  }
  let low = high / 2;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
