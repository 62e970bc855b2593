import type { SweepLevel, SweepRun } from '../data/model.js';
import { LATENCY_MEASURES, type LatencyMeasure, type LevelFigure } from '../data/roles.js';
import { formatChange, formatNumber, formatRatio, formatSeconds } from '../format.js';
import { TEXT } from '../text.js';

export interface LevelCell {
  text: string;
  /** Against the objective on this figure; null: there is none, or it cannot be told. */
  pass: boolean | null;
  /** Against the baseline's level; empty without one. */
  change: string;
}

export interface LevelColumn {
  key: string;
  title: string;
  cell: (level: SweepLevel, base: SweepLevel | undefined) => LevelCell;
}

const FIGURES: readonly [LevelFigure, string, (value: number) => string][] = [
  ['errorRatio', 'Errors', formatRatio],
  ['requestsPerSecond', 'req/s', formatNumber],
  ['outputTokensPerSecond', 'tok/s', formatNumber],
  ['kvHitRatio', 'KV hits', formatRatio],
  ['samples', 'n', formatNumber],
];

/** The columns for which any level has a figure. */
export function levelColumns(run: SweepRun, baseline: SweepRun | null): LevelColumn[] {
  const levels = [...run.levels, ...(baseline?.levels ?? [])];
  const times = LATENCY_MEASURES.flatMap((measure) =>
    ['p50', 'p95']
      .filter((q) => levels.some((level) => level.quantiles[measure]?.[q] !== undefined))
      .map((q) => timeColumn(measure, q)),
  );
  const figures = FIGURES.filter(([figure]) => levels.some((level) => !Number.isNaN(level.figures[figure]))).map(
    figureColumn,
  );
  return [...times, ...figures];
}

function timeColumn(measure: LatencyMeasure, q: string): LevelColumn {
  const read = (level: SweepLevel): number => level.quantiles[measure]?.[q]?.point ?? NaN;
  return {
    key: `${measure} ${q}`,
    title: `${measure === 'latency' ? 'E2E' : TEXT.measure[measure]} ${q}`,
    cell: (level, base) => ({
      text: formatSeconds(read(level)),
      pass: level.checks.find(({ objective }) => objective.measure === measure && objective.q === q)?.pass ?? null,
      change: base === undefined ? '' : formatChange(read(level), read(base)),
    }),
  };
}

function figureColumn([figure, title, format]: (typeof FIGURES)[number]): LevelColumn {
  return {
    key: figure,
    title,
    cell: ({ figures }, base) => ({
      text: format(figures[figure]),
      pass: null,
      change:
        base === undefined || figure === 'errorRatio' || figure === 'samples'
          ? ''
          : formatChange(figures[figure], base.figures[figure]),
    }),
  };
}
