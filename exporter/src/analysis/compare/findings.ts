import { sayLoad, sayLoads, sayNumber, sayShare, sayShares, sayTime } from '../in-words.js';
import { isTime, lessIsBetter } from './compare-figures.js';
import type { ComparedFigure, CompareFinding, CompareOptions, FigureComparison, LevelComparison } from './types.js';

/** What findings are told from. */
export interface FindingsContext {
  levels: readonly LevelComparison[];
  closed: boolean;
  options: CompareOptions;
}

interface Ranked extends CompareFinding {
  weight: number;
}

interface Pair {
  load: number;
  figure: FigureComparison;
}

const TITLES: Readonly<Record<ComparedFigure, string>> = {
  ttft_p50: 'TTFT p50',
  ttft_p95: 'TTFT p95',
  tpot_p50: 'TPOT p50',
  tpot_p95: 'TPOT p95',
  itl_p50: 'ITL p50',
  itl_p95: 'ITL p95',
  latency_p50: 'E2E latency p50',
  latency_p95: 'E2E latency p95',
  output_tokens_per_second: 'Output tokens/s',
  ok_per_second: 'Successful requests/s',
  error_ratio: 'Error share',
};

export const titleOf = (figure: ComparedFigure): string => TITLES[figure];

/** `+36 %`, `−17 %`, from ×2 on `×31.6`, below a half `÷3.2`; of errors percentage points. */
export function sayDifference(figure: ComparedFigure, difference: number): string {
  if (Number.isNaN(difference)) return 'unknown';
  const sign = difference < 0 ? '−' : '+';
  if (figure === 'error_ratio') return `${sign}${(Math.abs(difference) * 100).toFixed(1)} points`;
  const ratio = 1 + difference;
  if (ratio >= 2) return `×${sayNumber(ratio)}`;
  if (ratio <= 0.5) return `÷${sayNumber(1 / ratio)}`;
  return `${sign}${(Math.abs(difference) * 100).toFixed(Math.abs(difference) < 0.0995 ? 1 : 0)} %`;
}

/** A figure's value for people. */
export function sayValue(figure: ComparedFigure, value: number): string {
  if (figure === 'error_ratio') return sayShare(value);
  return isTime(figure) ? sayTime(value) : sayNumber(value);
}

/** Everything worth telling, most important first: collapses, errors, what may not be concluded, then by size. */
export function compareFindings(context: FindingsContext): CompareFinding[] {
  const ranked = [
    ...figureFindings(context),
    ...errorFindings(context),
    ...survivorFindings(context),
    ...invalidFindings(context),
  ];
  return ranked.toSorted((a, b) => b.weight - a.weight).map(({ kind, text }) => ({ kind, text }));
}

/** Loads at which a time is above the collapse factor of the base's, by figure. */
export function collapses({ levels, options }: FindingsContext): Map<ComparedFigure, Pair[]> {
  const found = new Map<ComparedFigure, Pair[]>();
  for (const pair of pairsOf(levels)) {
    const { figure, difference, why, verdict } = pair.figure;
    const collapsed =
      why === null && verdict !== 'underpowered' && isTime(figure) && 1 + difference >= options.collapseFactor;
    if (collapsed) found.set(figure, [...(found.get(figure) ?? []), pair]);
  }
  return found;
}

const pairsOf = (levels: readonly LevelComparison[]): Pair[] =>
  levels.flatMap(({ load, figures }) => figures.map((figure) => ({ load, figure })));

function figureFindings(context: FindingsContext): Ranked[] {
  const collapsed = collapses(context);
  const figures = new Set(pairsOf(context.levels).map(({ figure }) => figure.figure));
  return [...figures].flatMap((figure) => {
    if (figure === 'error_ratio') return [];
    const pairs = pairsOf(context.levels).filter((pair) => pair.figure.figure === figure && pair.figure.why === null);
    const fallen = collapsed.get(figure);
    if (fallen !== undefined) return [collapseFinding(figure, fallen, pairs, context.closed)];
    return changeFindings(figure, pairs, context);
  });
}

function collapseFinding(
  figure: ComparedFigure,
  fallen: readonly Pair[],
  pairs: readonly Pair[],
  closed: boolean,
): Ranked {
  const first = fallen[0]!;
  const { base, candidate } = first.figure;
  const worst = maximum(fallen.map(({ figure: { difference } }) => difference));
  const others = pairs.filter(({ load }) => !fallen.some((pair) => pair.load === load));
  const rest =
    others.length === 0
      ? ''
      : `; at ${sayLoads(
          others.map(({ load }) => load),
          closed,
        )} it is ${sayRange(others)}`;
  const where =
    fallen.length === 1
      ? `at ${sayLoad(first.load, closed)}`
      : `at ${sayLoads(
          fallen.map(({ load }) => load),
          closed,
        )}`;
  return {
    kind: 'collapse',
    text:
      `${titleOf(figure)} collapses ${where}: ${sayRange(fallen)} of the base ` +
      `(${sayTime(base)} → ${sayTime(candidate)} at ${sayNumber(first.load)})${rest}.${pointOnly(fallen)}`,
    weight: 1000 + Math.log1p(worst) + (figure === 'ttft_p50' ? 100 : 0),
  };
}

/** One finding for better, one for worse, one for what could not be decided; nothing where nothing differs. */
function changeFindings(figure: ComparedFigure, pairs: readonly Pair[], context: FindingsContext): Ranked[] {
  const by = (verdict: string): Pair[] => pairs.filter((pair) => pair.figure.verdict === verdict);
  const found: Ranked[] = [];
  for (const verdict of ['worse', 'better'] as const) {
    const own = by(verdict);
    if (own.length > 0) found.push(changeFinding(figure, verdict, own, pairs, context.closed));
  }
  const blind = by('underpowered');
  if (blind.length > 0 && found.length === 0) found.push(blindFinding(figure, blind, context));
  const bare = by('no interval');
  if (bare.length > 0) found.push(bareFinding(figure, bare, context.closed));
  return found;
}

function changeFinding(
  figure: ComparedFigure,
  verdict: 'worse' | 'better',
  own: readonly Pair[],
  pairs: readonly Pair[],
  closed: boolean,
): Ranked {
  const size = maximum(own.map((pair) => Math.abs(Math.log1p(pair.figure.difference))));
  const loads = sayLoads(
    own.map(({ load }) => load),
    closed,
  );
  return {
    kind: verdict,
    text: `${titleOf(figure)} is ${verdict} at ${loads}: ${sayRange(own)} (${own.length} of ${pairs.length} comparable levels).`,
    weight: (verdict === 'worse' ? 300 : 200) + size,
  };
}

function blindFinding(figure: ComparedFigure, blind: readonly Pair[], { closed, options }: FindingsContext): Ranked {
  const detectable = maximum(blind.map((pair) => pair.figure.detectable));
  return {
    kind: 'underpowered',
    text:
      `${titleOf(figure)} at ${sayLoads(
        blind.map(({ load }) => load),
        closed,
      )}: undecided. A difference below ` +
      `${sayShare(detectable)} would often go unnoticed, and ±${sayShare(options.leastEffect)} is asked for: measure longer.`,
    weight: 50,
  };
}

function bareFinding(figure: ComparedFigure, bare: readonly Pair[], closed: boolean): Ranked {
  const signed = bare.map((pair) => pair.figure.difference * (lessIsBetter(figure) ? 1 : -1));
  const direction = signed.every((value) => value > 0)
    ? 'worse'
    : signed.every((value) => value < 0)
      ? 'better'
      : 'mixed';
  const size = maximum(bare.map((pair) => Math.abs(Math.log1p(pair.figure.difference))));
  return {
    kind: 'no_interval',
    text:
      `${titleOf(figure)} at ${sayLoads(
        bare.map(({ load }) => load),
        closed,
      )}: ${sayRange(bare)}` +
      `${direction === 'mixed' ? '' : ` (${direction})`}, as points without intervals: how much of it is chance is not known.`,
    weight: 100 + size,
  };
}

function errorFindings({ levels, closed, options }: FindingsContext): Ranked[] {
  const over = levels.filter(
    ({ baseErrors, candidateErrors }) => candidateErrors >= options.errorLimit && !(baseErrors >= options.errorLimit),
  );
  const pairs = pairsOf(levels).filter(({ figure }) => figure.figure === 'error_ratio' && figure.why === null);
  const better = pairs.filter(({ figure }) => figure.verdict === 'better');
  const worse = pairs.filter(
    ({ figure, load }) => figure.verdict === 'worse' && !over.some((level) => level.load === load),
  );
  const found: Ranked[] = [];
  if (over.length > 0) {
    const shares = over.map(({ candidateErrors }) => candidateErrors);
    const before = over.map(({ baseErrors }) => baseErrors).filter((share) => !Number.isNaN(share));
    const text =
      `Errors exceed ${sayShare(options.errorLimit)} in the candidate alone at ${sayLoads(
        over.map(({ load }) => load),
        closed,
      )}: ` + `${sayShares(shares)}${before.length === 0 ? '' : `, against ${sayShares(before)} in the base`}.`;
    found.push({ kind: 'errors', text, weight: 900 });
  }
  for (const [kind, own] of [['worse', worse] as const, ['better', better] as const]) {
    if (own.length === 0) continue;
    const text = `Error share is ${kind} at ${sayLoads(
      own.map(({ load }) => load),
      closed,
    )}: ${sayRange(own)}.`;
    found.push({ kind, text, weight: kind === 'worse' ? 350 : 250 });
  }
  return found;
}

/** Levels whose times are those of the survivors, and how they would have misled. */
function survivorFindings({ levels, closed }: FindingsContext): Ranked[] {
  const own = levels.filter(({ figures }) => figures.some(({ why }) => why === 'survivors'));
  if (own.length === 0) return [];
  const flattering = pairsOf(own)
    .filter(({ figure }) => figure.why === 'survivors' && figure.difference < 0)
    .toSorted((a, b) => a.figure.difference - b.figure.difference)[0];
  const looks =
    flattering === undefined
      ? ''
      : ` ${titleOf(flattering.figure.figure)} looks ${sayShare(-flattering.figure.difference)} shorter at ${sayNumber(flattering.load)}; that is no finding.`;
  const shares = own.map(({ baseErrors, candidateErrors }) => Math.max(known(baseErrors), known(candidateErrors)));
  return [
    {
      kind: 'survivors',
      text:
        `Not comparable: survivors. At ${sayLoads(
          own.map(({ load }) => load),
          closed,
        )}, ${sayShares(shares)} of the requests of one side failed, ` +
        `and its times are those of the requests that were left.${looks}`,
      weight: 800,
    },
  ];
}

function invalidFindings({ levels, closed }: FindingsContext): Ranked[] {
  const own = levels.filter(({ figures }) => figures.some(({ why }) => why === 'invalid'));
  if (own.length === 0) return [];
  const text = `Not comparable: without a valid window on one side, ${sayLoads(
    own.map(({ load }) => load),
    closed,
  )} (${own.flatMap(({ notes }) => notes).join('; ')}).`;
  return [{ kind: 'invalid', text, weight: 700 }];
}

const known = (share: number): number => (Number.isNaN(share) ? 0 : share);

const maximum = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);

/** `+36 % to +39 %`, by size. */
function sayRange(pairs: readonly Pair[]): string {
  const sorted = pairs.toSorted((a, b) => a.figure.difference - b.figure.difference);
  const [least, most] = [sorted[0]!.figure, sorted.at(-1)!.figure];
  const [from, to] = [least, most].map(({ figure, difference }) => sayDifference(figure, difference));
  return from === to ? from! : `${from!} to ${to!}`;
}

function pointOnly(pairs: readonly Pair[]): string {
  return pairs.every(({ figure }) => figure.verdict === 'no interval') ? ' These are points without intervals.' : '';
}
