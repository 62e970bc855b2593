import type { SweepModel } from './model.js';

/**
 * The model with the earlier one's levels wherever they say the same, so that what is made of them alone is not made anew
 * at each refresh.
 */
export function shareLevels(earlier: SweepModel | null, model: SweepModel): SweepModel {
  if (earlier === null) return model;
  const known = new Map(earlier.runs.map(({ key, levels }) => [key, levels]));
  const runs = model.runs.map((run) => {
    const levels = known.get(run.key);
    return levels !== undefined && JSON.stringify(levels) === JSON.stringify(run.levels) ? { ...run, levels } : run;
  });
  return { ...model, runs };
}
