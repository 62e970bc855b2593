import type { SweepRun } from './model.js';

/** What the view shows: one run, and one to compare it with. */
export interface ChosenRuns {
  current: SweepRun | null;
  baseline: SweepRun | null;
}

/** A variable that the dashboard does not have comes back as it was written; then the panel chooses. */
function wanted(option: string): string | null {
  const text = option.trim();
  return text === '' || text.startsWith('$') ? null : text;
}

function named(runs: readonly SweepRun[], id: string): SweepRun | null {
  return runs.findLast((run) => run.key === id) ?? runs.findLast((run) => run.id === id || run.name === id) ?? null;
}

/**
 * By the options (an id, or a variable that was replaced), else the newest run, and as its baseline the newest one before
 * it. A baseline that is named but not in the data is none.
 */
export function chooseRuns(runs: readonly SweepRun[], run: string, baseline: string): ChosenRuns {
  const askedBaseline = wanted(baseline);
  const asked = wanted(run);
  const base = askedBaseline === null ? null : named(runs, askedBaseline);
  const current =
    (asked === null ? null : named(runs, asked)) ?? runs.findLast((one) => one !== base) ?? runs.at(-1) ?? null;
  if (current === null) return { current: null, baseline: null };
  if (askedBaseline !== null) return { current, baseline: base === current ? null : base };
  return { current, baseline: runs.findLast((one) => one !== current && one.startMs < current.startMs) ?? null };
}
