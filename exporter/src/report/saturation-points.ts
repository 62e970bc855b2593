import type { AnalysisFigures } from './analysis-schema.js';
import { asMilliseconds, asPercent, asRate, plainNumber } from './format.js';
import type { LevelFigures } from './result-schema.js';

/** One line of the saturation table. */
export interface SaturationPoint {
  title: string;
  text: string;
}

const MANY_ERRORS = 0.05;
const SLOW_TTFT_SECONDS = 1;
/** TPOT p50 that differs by less from the highest level's has reached its plateau. */
const PLATEAU = 0.05;
const LEAST_PLATEAU = 3;
const NONE = 'none';

/** Where errors, waiting and saturation begin. Levels that were found invalid do not count. */
export function saturationPoints(levels: readonly LevelFigures[], analysis: AnalysisFigures): SaturationPoint[] {
  const invalid = new Set(analysis.levels.filter(({ verdict }) => verdict === 'invalid').map(({ level }) => level));
  const usable = levels.filter(({ level }) => !invalid.has(level)).toSorted((a, b) => a.load - b.load);
  return [
    { title: 'First errors', text: first(usable, ({ errorRatio }) => (errorRatio.value ?? 0) > 0, errors) },
    { title: `Sustained ≥ ${asPercent(MANY_ERRORS)} errors`, text: sustained(usable) },
    {
      title: `TTFT p50 > ${plainNumber(SLOW_TTFT_SECONDS)} s`,
      text: first(
        usable,
        ({ ttft }) => (ttft.p50.value ?? 0) > SLOW_TTFT_SECONDS,
        ({ ttft }) => asMilliseconds(ttft.p50.value!),
      ),
    },
    { title: 'TPOT p50 plateau', text: plateau(usable) },
    { title: 'Throughput no longer follows', text: noGain(analysis) },
    {
      title: 'First saturated level',
      text: analysis.firstSaturated === null ? NONE : plainNumber(analysis.firstSaturated),
    },
  ];
}

type Says = (level: LevelFigures) => string;

const errors: Says = ({ errorRatio }) => asPercent(errorRatio.value!);

function first(levels: readonly LevelFigures[], holds: (level: LevelFigures) => boolean, says: Says): string {
  const level = levels.find(holds);
  return level === undefined ? NONE : `${plainNumber(level.load)} (${says(level)})`;
}

/** The level from which on every level has many errors. */
function sustained(levels: readonly LevelFigures[]): string {
  const lastGood = levels.findLastIndex(({ errorRatio }) => !((errorRatio.value ?? 0) >= MANY_ERRORS));
  const level = levels[lastGood + 1];
  return level === undefined ? NONE : `${plainNumber(level.load)} (${errors(level)})`;
}

function plateau(levels: readonly LevelFigures[]): string {
  const known = levels.filter(({ tpot }) => tpot.p50.value !== null);
  const last = known.at(-1)?.tpot.p50.value;
  if (last === undefined || last === null) return 'not known';
  const before = known.findLastIndex(({ tpot }) => Math.abs(tpot.p50.value! / last - 1) > PLATEAU);
  const flat = known.slice(before + 1);
  if (flat.length < LEAST_PLATEAU) return NONE;
  return `${asMilliseconds(last)} (from ${plainNumber(flat[0]!.load)})`;
}

function noGain({ levels }: AnalysisFigures): string {
  const level = levels.find(({ verdict, codes }) => verdict !== 'invalid' && codes.includes('throughput'));
  return level === undefined
    ? NONE
    : `${plainNumber(level.load)} (gains ${asRate(level.numbers.gainPerUser!)} per user added)`;
}
