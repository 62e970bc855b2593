import { fitHinge, hingeInterval, type HingeFit } from './hinge.js';
import { sayLoad, sayShare } from './in-words.js';
import type { Knee } from './run-analysis.js';
import type { AnalysisThresholds } from './thresholds.js';

/** A knee, or why there is none. */
export interface KneeFound {
  knee: Knee | null;
  refused: string | null;
}

/** TTFT at a load; seconds. */
export interface TtftPoint {
  load: number;
  seconds: number;
}

const LEAST_LEVELS = 5;
const FLAT = { flatBefore: true } as const;

/**
 * The knee of TTFT: flat, then a straight line, believed when it beats a straight line by F test and BIC and makes TTFT
 * rise by a share that matters. `points` by ascending load, without levels whose TTFT is that of survivors.
 */
export function findKnee(points: readonly TtftPoint[], thresholds: AnalysisThresholds, closed: boolean): KneeFound {
  const known = points.filter(({ seconds }) => Number.isFinite(seconds));
  if (known.length < LEAST_LEVELS) {
    return refuse(`usable levels with a TTFT: ${known.length}, ${LEAST_LEVELS} needed`);
  }
  const loads = known.map(({ load }) => load);
  const seconds = known.map((point) => point.seconds);
  const fit = fitHinge(loads, seconds, FLAT);
  if (fit === null) return refuse('the levels do not differ');
  const refused = doubt(fit, loads.at(-1)!, thresholds, closed);
  if (refused !== null) return refuse(refused);
  const knee = {
    load: fit.at,
    ...interval(loads, seconds, fit),
    slopeSecondsPerUser: fit.slope,
    baseSeconds: fit.base,
    f: fit.f,
    p: fit.p,
    bicGain: fit.bicGain,
  };
  return { knee, refused: null };
}

function refuse(refused: string): KneeFound {
  return { knee: null, refused };
}

function doubt(fit: HingeFit, highest: number, thresholds: AnalysisThresholds, closed: boolean): string | null {
  const statistics = `F ${fit.f.toPrecision(3)}, p ${fit.p.toPrecision(2)}, BIC ${fit.bicGain.toFixed(1)}`;
  if (!(fit.slope > 0)) return `TTFT does not rise with the load (${statistics})`;
  if (!(fit.p < thresholds.kneeP) || !(fit.bicGain > 0)) {
    return `flat then rising fits no better than a straight line (${statistics})`;
  }
  const rise = (fit.slope * (highest - fit.at)) / fit.base;
  if (rise >= thresholds.kneeRise) return null;
  return (
    `beyond ${sayLoad(fit.at, closed)} TTFT rises by only ${sayShare(rise)} of its base up to ` +
    `${sayLoad(highest, closed)} (${statistics}): not a knee`
  );
}

/**
 * Never narrower than the gap between the two levels around the knee: where in it the knee lies is told by the straight
 * line's slope alone, whose scatter a few levels, calm before the knee and scattered beyond it, do not show.
 */
function interval(loads: readonly number[], seconds: readonly number[], fit: HingeFit): Pick<Knee, 'lower' | 'upper'> {
  const { lower, upper } = hingeInterval(loads, seconds, fit, FLAT);
  const before = loads.findLast((load) => load <= fit.at) ?? lower;
  const after = loads.find((load) => load >= fit.at) ?? upper;
  return { lower: Math.min(lower, before), upper: Math.max(upper, after) };
}
