import { sayLoads, sayNumber } from '../in-words.js';
import { comparabilityOf } from './comparability.js';
import { closeVerdicts, comparePair } from './compare-figures.js';
import { collapses, compareFindings, titleOf, type FindingsContext } from './findings.js';
import { sloFinding } from './slo-change.js';
import {
  DEFAULT_COMPARE,
  NoCommonLevels,
  type ComparabilityItem,
  type ComparedRun,
  type CompareOptions,
  type FigureComparison,
  type Incomparable,
  type LevelComparison,
  type OverallVerdict,
  type RunComparison,
} from './types.js';

/**
 * Holds a candidate run against a base, level by level: first whether they may be compared at all, then each figure with
 * the interval of its difference, verdicts that together raise a false alarm in at most 5 % of equal runs (Holm), and
 * what follows. The intervals cover the sampling within the runs; what differs from one day to the next is in them only
 * as far as repetitions show it. Pure. @throws NoCommonLevels
 */
export function compareRuns(
  base: ComparedRun,
  candidate: ComparedRun,
  options: CompareOptions = DEFAULT_COMPARE,
): RunComparison {
  const closed = base.arrival === 'closed';
  const comparability = comparabilityOf(base, candidate);
  const blocked = blocking(comparability);
  const levels = commonLevels(base, candidate).map(([one, other]) => comparePair(one, other, blocked, options));
  const tested = closeVerdicts(levels, options);
  const context: FindingsContext = { levels, closed, options };
  const slo = sloFinding(base, candidate, closed);
  const loads = (run: ComparedRun): number[] => run.levels.map(({ result }) => result.load);
  return {
    base: { id: base.id, name: base.name },
    candidate: { id: candidate.id, name: candidate.name },
    options,
    comparability,
    levels,
    onlyBase: loads(base).filter((load) => !loads(candidate).includes(load)),
    onlyCandidate: loads(candidate).filter((load) => !loads(base).includes(load)),
    tested,
    ...overall(levels, comparability, context),
    findings: [...compareFindings(context), ...(slo === null ? [] : [slo])],
    regressions: regressionsOf(context),
  };
}

function commonLevels(
  base: ComparedRun,
  candidate: ComparedRun,
): [ComparedRun['levels'][number], ComparedRun['levels'][number]][] {
  const pairs = base.levels
    .toSorted((a, b) => a.result.load - b.result.load)
    .flatMap((one): [typeof one, typeof one][] => {
      const other = candidate.levels.find((level) => level.result.load === one.result.load);
      return other === undefined ? [] : [[one, other]];
    });
  if (pairs.length > 0) return pairs;
  const of = (run: ComparedRun): string =>
    run.levels.length === 0 ? 'none' : run.levels.map(({ result }) => sayNumber(result.load)).join(', ');
  throw new NoCommonLevels(`the runs have no level in common: base ${of(base)}; candidate ${of(candidate)}`);
}

function blocking(items: readonly ComparabilityItem[]): Incomparable | null {
  const item = items.find(({ status }) => status === 'blocks');
  if (item === undefined) return null;
  return item.what === 'arrival' ? 'arrival' : 'workload';
}

function overall(
  levels: readonly LevelComparison[],
  comparability: readonly ComparabilityItem[],
  context: FindingsContext,
): { verdict: OverallVerdict; reason: string } {
  const block = comparability.find(({ status }) => status === 'blocks');
  if (block !== undefined)
    return {
      verdict: 'not comparable',
      reason: `${block.what} differs (${block.base} against ${block.candidate}): ${block.note}.`,
    };
  const figures = levels.flatMap((level) => level.figures);
  const comparable = figures.filter(({ why }) => why === null);
  if (comparable.length === 0) return { verdict: 'not comparable', reason: nothingComparable(figures) };
  const has = (verdict: FigureComparison['verdict']): number =>
    comparable.filter((figure) => figure.verdict === verdict).length;
  const [worse, better, same, blind] = [has('worse'), has('better'), has('no difference'), has('underpowered')];
  const tested = worse + better + same + blind;
  const counts = `${worse} worse, ${better} better, ${same} without a difference, ${blind} undecided`;
  if (tested === 0) return { verdict: 'no interval', reason: withoutIntervals(context) };
  const reason = `of ${tested} figures that have intervals: ${counts}.`;
  if (worse > 0) return { verdict: better > 0 ? 'mixed' : 'worse', reason };
  if (better > 0) return { verdict: 'better', reason };
  return { verdict: blind > 0 ? 'underpowered' : 'no difference', reason };
}

function nothingComparable(figures: readonly FigureComparison[]): string {
  const reasons = [...new Set(figures.map(({ why }) => why))].filter((why) => why !== null);
  return `no figure of any common level can be held against the other run's: ${reasons.join(', ')}.`;
}

function withoutIntervals(context: FindingsContext): string {
  const fallen = [...collapses(context).keys()].map(titleOf);
  const told = 'the figures are points without intervals, so how much is chance is not known';
  return fallen.length === 0
    ? `${told}.`
    : `${told}; still, ${fallen.join(' and ')} differ by a factor of ${sayNumber(context.options.collapseFactor)} or more.`;
}

/** What `--fail-on-regression` fails on: figures that are worse, collapses even as points, and errors that only the candidate has. */
function regressionsOf(context: FindingsContext): string[] {
  const { levels, closed, options } = context;
  const worse = new Map<string, number[]>();
  const note = (what: string, load: number): void => {
    worse.set(what, [...(worse.get(what) ?? []), load]);
  };
  for (const { load, figures, baseErrors, candidateErrors } of levels) {
    for (const { figure, verdict } of figures) if (verdict === 'worse') note(`${titleOf(figure)} is worse`, load);
    if (candidateErrors >= options.errorLimit && !(baseErrors >= options.errorLimit))
      note('errors exceed the limit', load);
  }
  for (const [figure, pairs] of collapses(context)) {
    for (const { load, figure: found } of pairs)
      if (found.verdict === 'no interval') note(`${titleOf(figure)} collapses`, load);
  }
  return [...worse].map(([what, loads]) => `${what} at ${sayLoads(loads, closed)}`);
}
