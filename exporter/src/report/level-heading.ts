import { plainNumber } from './format.js';
import type { AnalysisFigures } from './analysis-schema.js';
import type { LevelFigures, RunResult } from './result-schema.js';

/** Heading of the column that names the level. */
export function loadHeading({ spec }: RunResult): string {
  return spec.arrival === 'closed' ? 'Concurrency' : 'Offered RPS';
}

/** The level's load, marked where its figures are not to be relied on. */
export function levelName(level: LevelFigures): string {
  const load = plainNumber(level.load);
  if (!level.valid) return `${load} (invalid)`;
  return level.steady !== false ? load : `${load} (not steady)`;
}

/** The level's verdict in a word. */
export function verdictOf({ levels }: AnalysisFigures, level: Pick<LevelFigures, 'level'>): string {
  return levels.find((judgement) => judgement.level === level.level)?.verdict ?? 'unknown';
}
