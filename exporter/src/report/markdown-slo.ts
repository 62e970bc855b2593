import { asMilliseconds, asPercent, plainNumber, showInterval, UNKNOWN } from './format.js';
import { levelName, loadHeading } from './level-heading.js';
import { markdownTable } from './markdown-table.js';
import type { LevelFigures, RunResult } from './result-schema.js';

/** The objectives in one line; empty without any. */
export function describeSlo({ spec: { slo } }: RunResult): string {
  const latency = slo.latency.map(
    ({ metric, quantile, seconds }) =>
      `${metric === 'latency' ? 'latency' : metric.toUpperCase()} p${plainNumber(quantile * 100)} ≤ ${asMilliseconds(seconds)}`,
  );
  return [...latency, ...(slo.errorRatio === null ? [] : [`errors ≤ ${plainNumber(slo.errorRatio * 100)} %`])].join(
    ', ',
  );
}

/** Attainment of each objective at each level; null when none was set. */
export function sloSection(result: RunResult): string | null {
  if (result.spec.slo.latency.length === 0 && result.spec.slo.errorRatio === null) return null;
  const columns = [
    loadHeading(result),
    'Objective',
    'Required',
    'Share (95 %)',
    'Met',
    'Missed',
    'Undecided',
    'Result',
  ];
  const rows = result.levels.flatMap(levelRows);
  return `## SLO Attainment\n\n${markdownTable(columns, rows)}`;
}

function levelRows(level: LevelFigures): string[][] {
  const name = levelName(level);
  const rows = level.slo.map(({ slo, required, share, good, bad, undecided, pass }) => [
    name,
    slo,
    `≥ ${asPercent(required)}`,
    showInterval(share, asPercent),
    String(good),
    String(bad),
    String(undecided),
    verdict(level, pass),
  ]);
  if (level.errorSlo === null) return rows;
  const { limit, pass } = level.errorSlo;
  const failed = level.completed === null || level.ok === null ? UNKNOWN : String(level.completed - level.ok);
  const good = level.ok === null ? UNKNOWN : String(level.ok);
  const share = showInterval(level.errorRatio, asPercent);
  return [...rows, [name, 'errors', `≤ ${asPercent(limit)}`, share, good, failed, '0', verdict(level, pass)]];
}

function verdict(level: LevelFigures, pass: boolean | null): string {
  if (!level.valid) return 'invalid';
  return pass === null ? 'no data' : pass ? 'pass' : '**fail**';
}
