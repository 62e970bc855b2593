import type { AnalysisFigures } from './analysis-schema.js';
import { asMilliseconds, plainNumber, UNKNOWN } from './format.js';
import { verdictOf } from './level-heading.js';
import type { Figure, LevelFigures } from './result-schema.js';

/** Load, p95 and verdict of the levels by ascending load, in columns for a fixed-width font. */
export function degradationCurve(levels: readonly LevelFigures[], analysis: AnalysisFigures): string {
  const ascending = levels.toSorted((a, b) => a.load - b.load);
  const rows = [
    ['Load:', ...ascending.map(({ load }) => plainNumber(load))],
    ['TTFT p95:', ...ascending.map(({ ttft }) => time(ttft.p95))],
    ['TPOT p95:', ...ascending.map(({ tpot }) => time(tpot.p95))],
    ['', ...ascending.map((level) => verdictOf(analysis, level))],
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

function time({ value }: Figure): string {
  return value === null ? UNKNOWN : asMilliseconds(value);
}
