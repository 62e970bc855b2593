import { ImportError } from './import-error.js';
import type { SourceFile } from './types.js';

/** Refuses files of different models: they are no levels of one sweep. @throws ImportError */
export function oneModel(found: readonly { file: SourceFile; model: string | null }[]): void {
  const named = found.filter(({ model }) => model !== null);
  const first = named[0];
  const other = named.find(({ model }) => model !== first?.model);
  if (first === undefined || other === undefined) return;
  throw new ImportError(
    other.file.name,
    `is of model "${other.model!}", but ${first.file.name} of "${first.model!}"`,
    'import the files of each model by themselves, then compare the two runs',
  );
}

/**
 * Sorts aggregates of the same load into runs of their own: quantiles of repetitions can't be pooled, and are never
 * averaged. The first of each load goes into the first run, and so on.
 */
export function repetitionsApart<T extends { load: number }>(aggregates: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (const aggregate of aggregates) {
    const run = runs.find((own) => !own.some(({ load }) => load === aggregate.load));
    if (run === undefined) runs.push([aggregate]);
    else run.push(aggregate);
  }
  return runs;
}
