import { sayLoad } from '../in-words.js';
import type { LevelResult } from '../level-result.js';
import type { ComparedRun, CompareFinding } from './types.js';

/** Up to which load each run meets every objective; null where objectives differ, there are none, or nothing changed. */
export function sloFinding(base: ComparedRun, candidate: ComparedRun, closed: boolean): CompareFinding | null {
  if (base.objectives === '' || base.objectives !== candidate.objectives) return null;
  const [before, after] = [base, candidate].map((run) => highestPass(run.levels.map(({ result }) => result)));
  if (before === undefined || after === undefined || before === after) return null;
  const say = (load: number | null): string => (load === null ? 'at no level' : `up to ${sayLoad(load, closed)}`);
  return { kind: 'slo', text: `Every objective is met ${say(after)}; in the base ${say(before)}.` };
}

/** Highest load up to which every level passes; undefined when no level was judged. */
function highestPass(levels: readonly LevelResult[]): number | null | undefined {
  let highest: number | null = null;
  let judged = false;
  for (const level of levels.toSorted((a, b) => a.load - b.load)) {
    const verdicts = [...level.slo.map(({ pass }) => pass), ...(level.errorSlo === null ? [] : [level.errorSlo.pass])];
    if (verdicts.length === 0 || verdicts.includes(null)) continue;
    judged = true;
    if (verdicts.includes(false)) break;
    highest = level.load;
  }
  return judged ? highest : undefined;
}
