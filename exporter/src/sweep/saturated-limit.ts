import type { RunAnalysis } from '../analysis/run-analysis.js';

/** Load of the `wanted`-th lowest saturated level, above which there is no need to look; null: fewer are saturated. */
export function saturatedLimit({ levels }: Pick<RunAnalysis, 'levels'>, wanted: number): number | null {
  const saturated = levels.filter(({ verdict }) => verdict === 'saturated').map(({ load }) => load);
  return saturated.toSorted((a, b) => a - b)[wanted - 1] ?? null;
}
