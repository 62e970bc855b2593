import { sayLoad, sayNumber } from './in-words.js';
import { kneedle } from './kneedle.js';
import type { SecondOpinion } from './run-analysis.js';
import { fitUsl, uslPeakInterval, type UslFit } from './usl.js';

const USL = { levels: 6, span: 10, r2: 0.9 };
/** Kneedle wants a dense, smooth curve. */
const KNEEDLE_LEVELS = 15;

/** What the Universal Scalability Law says of throughput over ascending loads (in `unit`); it refuses where it should not be used. */
export function uslOpinion(
  loads: readonly number[],
  throughput: readonly number[],
  unit: string,
  closed: boolean,
): SecondOpinion {
  const fit = fitUsl(loads, throughput);
  if (fit === null) {
    return {
      method: 'usl',
      load: null,
      refused: `levels with a throughput: ${loads.length}, ${USL.levels} needed`,
      text: '',
    };
  }
  const refused = uslDoubt(fit, loads);
  return {
    method: 'usl',
    load: refused === null ? fit.peak : null,
    refused,
    text: uslWords(fit, loads, throughput, unit, closed),
  };
}

function uslDoubt(fit: UslFit, loads: readonly number[]): string | null {
  const span = Math.max(...loads) / Math.min(...loads);
  const doubts = [
    loads.length < USL.levels ? `levels: ${loads.length}, ${USL.levels} needed` : null,
    span < USL.span ? `levels span a factor of ${sayNumber(span)}, ${USL.span} needed` : null,
    fit.r2 >= USL.r2 ? null : `R² ${fit.r2.toFixed(2)}, ${USL.r2} needed`,
  ].filter((doubt) => doubt !== null);
  return doubts.length === 0 ? null : doubts.join('; ');
}

function uslWords(
  fit: UslFit,
  loads: readonly number[],
  throughput: readonly number[],
  unit: string,
  closed: boolean,
): string {
  const constants =
    `γ ${sayNumber(fit.gamma)} ${unit}, α ${fit.alpha.toPrecision(3)}, ` +
    `β ${fit.peak === null ? '0' : fit.beta.toPrecision(2)}, R² ${fit.r2.toFixed(4)}`;
  if (fit.peak === null) return `${constants}: no maximum found`;
  const { lower, upper } = uslPeakInterval(loads, throughput, fit);
  const range = `${sayNumber(lower)} to ${Number.isFinite(upper) ? sayNumber(upper) : 'no maximum'}`;
  const highest = Math.max(...loads);
  const outside = fit.peak > highest ? `, beyond the highest level (${sayLoad(highest, closed)}): extrapolated` : '';
  return `${constants}: throughput is highest at ${sayLoad(fit.peak, closed)} (${range})${outside}`;
}

/** What Kneedle (S = 1) says of the curve of TTFT p50; it refuses curves of few points, for which it is not made. */
export function kneedleOpinion(loads: readonly number[], ttft: readonly number[], closed: boolean): SecondOpinion {
  const found = kneedle(loads, ttft, 'convex');
  const text = found === null ? 'no knee found' : `TTFT p50 bends at ${sayLoad(found, closed)}`;
  const few =
    loads.length < KNEEDLE_LEVELS ? `levels: ${loads.length}, ${KNEEDLE_LEVELS} needed for a smooth curve` : null;
  return { method: 'kneedle', load: few === null ? found : null, refused: few, text };
}
