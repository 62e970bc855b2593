import { wilsonShare } from '../share.js';
import { throughputOf } from '../level-reading.js';
import type { Estimate, LevelResult } from '../level-result.js';
import {
  holm,
  logOfInterval,
  logQuantile,
  logRate,
  NO_DIFFERENCE,
  relativeDifference,
  shareDifference,
  type Difference,
  type LogEstimate,
} from './difference.js';
import {
  COMPARED_FIGURES,
  type ComparedFigure,
  type ComparedLevel,
  type CompareOptions,
  type FigureComparison,
  type FigureVerdict,
  type Incomparable,
  type LevelComparison,
} from './types.js';

type TimeFigure = Exclude<ComparedFigure, 'output_tokens_per_second' | 'ok_per_second' | 'error_ratio'>;

const MORE_IS_BETTER: readonly ComparedFigure[] = ['output_tokens_per_second', 'ok_per_second'];
/** Errors are compared by the difference of shares, of which less matters. */
const ERROR_EFFECT = 0.2;
/** α of all verdicts together. */
const ALPHA = 0.05;

/** Whether a smaller value of the figure is the better one. */
export const lessIsBetter = (figure: ComparedFigure): boolean => !MORE_IS_BETTER.includes(figure);

export const isTime = (figure: ComparedFigure): figure is TimeFigure =>
  figure !== 'error_ratio' && !MORE_IS_BETTER.includes(figure);

/** Figures of a level that is in both runs; verdicts are still open. */
export function comparePair(
  base: ComparedLevel,
  candidate: ComparedLevel,
  blocked: Incomparable | null,
  options: CompareOptions,
): LevelComparison {
  const figures = COMPARED_FIGURES.filter((figure) => isToldByEither(base, candidate, figure)).map((figure) =>
    compareFigure(figure, base, candidate, blocked ?? whyNot(figure, base, candidate, options)),
  );
  return {
    load: base.result.load,
    figures,
    baseErrors: base.result.errorRatio,
    candidateErrors: candidate.result.errorRatio,
    notes: [...notesOf('base', base.result), ...notesOf('candidate', candidate.result)],
  };
}

/** ITL stands in where one side has no TPOT: else it would tell nearly the same twice. */
function isToldByEither(base: ComparedLevel, candidate: ComparedLevel, figure: ComparedFigure): boolean {
  const values = [base, candidate].map((level) => valueOf(level.result, figure).value);
  if (values.every(Number.isNaN)) return false;
  const tpot = [base, candidate].every(({ result }) => Number.isFinite(result.tpot.p50.value));
  return !(figure.startsWith('itl') && tpot);
}

function whyNot(
  figure: ComparedFigure,
  base: ComparedLevel,
  candidate: ComparedLevel,
  { errorLimit }: CompareOptions,
): Incomparable | null {
  if (!base.result.valid || !candidate.result.valid) return 'invalid';
  if ([base, candidate].some(({ result }) => Number.isNaN(valueOf(result, figure).value))) return 'unknown';
  const survivors = [base, candidate].some(({ result }) => result.errorRatio >= errorLimit);
  if (survivors && isTime(figure)) return 'survivors';
  return base.definitions[figure] === candidate.definitions[figure] ? null : 'definitions';
}

function compareFigure(
  figure: ComparedFigure,
  base: ComparedLevel,
  candidate: ComparedLevel,
  why: Incomparable | null,
): FigureComparison {
  const [one, other] = [valueOf(base.result, figure), valueOf(candidate.result, figure)];
  const { found, method } = differenceOf(figure, base, candidate);
  const told = why === null ? found : { ...NO_DIFFERENCE, difference: found.difference };
  return {
    figure,
    base: one.value,
    candidate: other.value,
    ...told,
    adjustedP: NaN,
    method: Number.isNaN(told.lower) ? 'none' : method,
    verdict: why === null ? 'no interval' : 'not comparable',
    why,
  };
}

function differenceOf(
  figure: ComparedFigure,
  base: ComparedLevel,
  candidate: ComparedLevel,
): { found: Difference; method: FigureComparison['method'] } {
  const [one, other] = [valueOf(base.result, figure), valueOf(candidate.result, figure)];
  if (figure === 'error_ratio') return { found: shareDifference(one, other), method: 'intervals' };
  const [first, second] = [logEstimate(figure, base), logEstimate(figure, candidate)];
  const raw = base.observations !== null && candidate.observations !== null;
  const method = !raw || figure.startsWith('itl') ? 'intervals' : isTime(figure) ? 'bootstrap' : 'slices';
  return { found: relativeDifference(first, second), method };
}

function logEstimate(figure: Exclude<ComparedFigure, 'error_ratio'>, level: ComparedLevel): LogEstimate {
  const { observations, result } = level;
  const known = valueOf(result, figure);
  if (observations === null || figure.startsWith('itl')) return logOfInterval(known);
  switch (figure) {
    case 'output_tokens_per_second':
      return logRate(observations.outputTokensBySlice, known.value);
    case 'ok_per_second':
      return logRate(observations.okBySlice, known.value);
    default: {
      const [metric, quantile] = timeOf(figure);
      return logQuantile(observations[metric === 'itl' ? 'tpot' : metric], quantile === 'p50' ? 0.5 : 0.95);
    }
  }
}

/** A figure's estimate in a level; NaN where unknown. */
function valueOf(result: LevelResult, figure: ComparedFigure): Estimate {
  const bare = (value: number): Estimate => ({ value, n: NaN, lower: NaN, upper: NaN, warning: null });
  switch (figure) {
    case 'output_tokens_per_second':
      return bare(result.outputTokensPerSecond);
    case 'ok_per_second':
      return bare(throughputOf({ ...result, outputTokensPerSecond: NaN }));
    case 'error_ratio':
      return errorEstimate(result);
    default: {
      const [metric, quantile] = timeOf(figure);
      return result[metric][quantile];
    }
  }
}

function errorEstimate({ errorRatio, completed, ok }: LevelResult): Estimate {
  const known = Number.isFinite(completed) && Number.isFinite(ok) && completed > 0;
  if (!known) return { value: errorRatio, n: NaN, lower: NaN, upper: NaN, warning: null };
  return wilsonShare(completed - ok, completed);
}

function timeOf(figure: TimeFigure): ['ttft' | 'tpot' | 'itl' | 'latency', 'p50' | 'p95'] {
  return figure.split('_') as ['ttft' | 'tpot' | 'itl' | 'latency', 'p50' | 'p95'];
}

function notesOf(side: string, { valid, invalidReasons, steady, windows, windowsUsed }: LevelResult): string[] {
  const left = windows.length - windowsUsed.length;
  return [
    ...(valid ? [] : [`${side}: no valid window (${invalidReasons.join(', ')})`]),
    ...(left > 0 ? [`${side}: ${left} of ${windows.length} repetitions were left out`] : []),
    ...(steady ? [] : [`${side}: the warm-up was not steady`]),
  ];
}

/** Closes the verdicts of all levels together, so that testing many figures raises no false alarm. Returns how many were tested. */
export function closeVerdicts(levels: readonly LevelComparison[], options: CompareOptions): number {
  const open = levels.flatMap((level) => level.figures).filter(({ why, p }) => why === null && !Number.isNaN(p));
  const adjusted = holm(open.map(({ p }) => p));
  open.forEach((figure, index) => {
    figure.adjustedP = adjusted[index]!;
    figure.verdict = verdictOf(figure, options);
  });
  return open.length;
}

function verdictOf(figure: FigureComparison, { leastEffect }: CompareOptions): FigureVerdict {
  const limit = figure.figure === 'error_ratio' ? leastEffect * ERROR_EFFECT : leastEffect;
  if (figure.lower >= -limit && figure.upper <= limit) return 'no difference';
  if (figure.adjustedP > ALPHA) return 'underpowered';
  return figure.difference < 0 === lessIsBetter(figure.figure) ? 'better' : 'worse';
}
