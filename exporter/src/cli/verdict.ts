import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { LevelFigures } from '../report/result-schema.js';
import type { FinishedRun } from '../sweep/finish.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** How a run ended: aborted or without one valid window is a failure whatever the figures say. */
export function exitCodeOf({ result }: FinishedRun): ExitCode {
  const valid = result.levels.some((level) => level.valid);
  return result.run.state === 'completed' && valid ? EXIT.ok : EXIT.aborted;
}

/** As `exitCodeOf`, and 99 unless the level with this load is valid, not saturated, and met every objective; tells why not. */
export function requireLevel(finished: FinishedRun, load: number, say: (message: string) => void): ExitCode {
  const code = exitCodeOf(finished);
  if (code !== EXIT.ok) return code;
  const missed = [
    ...missedObjectives(finished.result.levels.find((level) => level.load === load)),
    ...badVerdict(finished.analysis, load),
  ];
  if (missed.length === 0) return EXIT.ok;
  say(`level ${load} does not hold: ${missed.join('; ')}`);
  return EXIT.sloMissed;
}

/** A saturated level holds nothing, nor does one whose figures contradict each other, whatever its objectives say. */
function badVerdict({ levels }: RunAnalysis, load: number): string[] {
  const judged = levels.find((level) => level.load === load);
  if (judged?.verdict === 'saturated') return [`it is saturated: ${judged.reason}`];
  const contradictory = judged?.verdict === 'invalid' && judged.codes.includes('little');
  return contradictory ? [`it is invalid: ${judged.reason}`] : [];
}

function missedObjectives(level: LevelFigures | undefined): string[] {
  if (level === undefined) return ['it was not measured'];
  const missed = level.slo
    .filter((objective) => objective.pass !== true)
    .map(({ slo, share, required, undecided }) => {
      const met =
        share.value === null ? 'no request decided it' : `${(100 * share.value).toFixed(1)} % of the requests meet it`;
      return `${slo}: ${met}, ${(100 * required).toFixed(1)} % are needed${undecided > 0 ? ` (${undecided} undecided)` : ''}`;
    });
  if (!level.valid) missed.push(`its windows are invalid: ${level.invalidReasons.join(', ')}`);
  if (level.errorSlo?.pass === false) missed.push(`errors exceed ${(100 * level.errorSlo.limit).toFixed(1)} %`);
  return missed;
}
