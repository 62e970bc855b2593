import { asMilliseconds, asPercent, asSeconds, inSeconds, plainNumber, show, showInterval, UNKNOWN } from './format.js';
import { levelName, loadHeading } from './level-heading.js';
import { escapeText, left, markdownTable } from './markdown-table.js';
import type { LevelFigures, RunResult, WindowFigures } from './result-schema.js';

/** Errors with their classes, what of them is censored, and what was kept out for its errors. */
export function errorsSection(result: RunResult): string {
  const rows = result.levels.map((level) => [
    levelName(level),
    show(level.errorRatio, asPercent),
    level.completed === null || level.ok === null ? UNKNOWN : `${level.completed - level.ok}/${level.completed}`,
    errorNotes(result, level),
  ]);
  return `## Error Rates\n\n${markdownTable([loadHeading(result), 'Error %', 'Failed', left('Notes')], rows)}`;
}

function errorNotes({ windows }: RunResult, level: LevelFigures): string {
  const classes = Object.entries(level.errors)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}${name.startsWith('timeout_') ? ' (censored)' : ''}`);
  const excluded = windows
    .filter((window) => level.windows.includes(window.id) && window.excluded !== null)
    .map((window) => `${window.id} excluded: ${window.excluded!}`);
  return [...classes, ...excluded].join('; ');
}

/** Sample sizes and 95 % intervals of the figures that decide. */
export function samplesSection(result: RunResult): string {
  const columns = [
    loadHeading(result),
    'Measured',
    'Requests',
    'TTFT n',
    'TTFT p50',
    'TTFT p95',
    'TPOT p95',
    'ITL p95',
    'Latency p95',
  ];
  const rows = result.levels.map((level) => [
    levelName(level),
    level.seconds === null ? UNKNOWN : inSeconds(Math.round(level.seconds * 10) / 10),
    String(level.completed ?? UNKNOWN),
    String(level.ttft.p50.n ?? UNKNOWN),
    showInterval(level.ttft.p50, asMilliseconds),
    showInterval(level.ttft.p95, asMilliseconds),
    showInterval(level.tpot.p95, asMilliseconds),
    showInterval(level.itl.p95, asMilliseconds),
    showInterval(level.latency.p95, asSeconds),
  ]);
  const notes = result.levels.flatMap(sampleNotes);
  const starred =
    notes.length === 0 ? '' : `\n\n\\* Not to be relied on:\n\n${notes.map((note) => `- ${note}`).join('\n')}`;
  return `## Sample Sizes and 95 % Intervals\n\n${markdownTable(columns, rows)}${starred}`;
}

/** Why figures of a level carry a star, in one line: each reason once, with the metrics it holds for. */
function sampleNotes(level: LevelFigures): string[] {
  const metrics = { TTFT: level.ttft, TPOT: level.tpot, ITL: level.itl, latency: level.latency };
  const reasons = new Map<string, Set<string>>();
  for (const [metric, set] of Object.entries(metrics)) {
    for (const warning of [set.p50, set.p90, set.p95, set.p99].flatMap((figure) => figure.warning?.split('; ') ?? [])) {
      reasons.set(warning, (reasons.get(warning) ?? new Set()).add(metric));
    }
  }
  if (reasons.size === 0) return [];
  const told = [...reasons].map(([reason, names]) => `${[...names].join(', ')} ${reason}`);
  return [`Level ${plainNumber(level.load)}: ${told.join('; ')}`];
}

const GATES: Readonly<
  Record<WindowFigures['gates'][number]['gate'], { title: string; write: (value: number) => string }>
> = {
  little: { title: 'Little', write: (value) => value.toFixed(2) },
  in_flight: { title: 'In flight', write: (value) => value.toFixed(3) },
  started: { title: 'Started', write: (value) => value.toFixed(3) },
  stamp_delay: { title: 'Stamp delay p99', write: asMilliseconds },
  throttling: { title: 'Throttled', write: asPercent },
  cache: { title: 'Cache', write: asPercent },
  restart: { title: 'Restarts', write: plainNumber },
};

/** Each window with its checks, and why a warm-up was not steady. */
export function validitySection(result: RunResult): string {
  const { windows } = result;
  if (windows.length === 0)
    return '## Validity of Each Window\n\nThe source tells of no single windows: nothing could be checked.';
  const gates = [...new Set(windows.flatMap((window) => window.gates.map(({ gate }) => gate)))];
  const columns = [
    'Window',
    loadHeading(result),
    'Warm-up',
    'Steady',
    ...gates.map((gate) => GATES[gate].title),
    left('Result'),
  ];
  const rows = windows.map((window) => [
    window.id,
    plainNumber(window.load),
    inSeconds(window.warmup.seconds),
    result.source !== null ? UNKNOWN : window.warmup.steady ? 'yes' : '**no**',
    ...gates.map((gate) => gateCell(window, gate)),
    windowVerdict(window),
  ]);
  const limits = gates.map((gate) => {
    const found = [
      ...new Set(
        windows.flatMap((window) => window.gates.filter((check) => check.gate === gate).map(({ limit }) => limit)),
      ),
    ];
    return `${GATES[gate].title} ${found.join(' or ')}`;
  });
  const note =
    limits.length === 0
      ? ''
      : `\n\nLimits: ${limits.join('; ')}. ${UNKNOWN}: could not be measured here, which does not fail.`;
  return `## Validity of Each Window\n\n${markdownTable(columns, rows)}${note}`;
}

function gateCell(window: WindowFigures, gate: WindowFigures['gates'][number]['gate']): string {
  const check = window.gates.find((candidate) => candidate.gate === gate);
  if (check?.value === undefined || check.value === null) return UNKNOWN;
  const text = GATES[gate].write(check.value);
  return check.pass ? text : `**${text}**`;
}

function windowVerdict({ invalidReasons, excluded }: WindowFigures): string {
  if (invalidReasons.length > 0) return `**invalid**: ${invalidReasons.join(', ')}`;
  return excluded === null ? 'valid' : 'excluded';
}

/** What was measured and kept out of the pooled figures; says so when there is nothing. */
export function excludedSection(result: RunResult): string {
  const heading = '## Excluded Repetitions\n\n';
  if (result.excluded.length === 0) return `${heading}None.`;
  const rows = result.excluded.map(({ window, repetition, load, reason }) => [
    window,
    String(repetition),
    plainNumber(load),
    reason,
  ]);
  const table = markdownTable(['Window', 'Repetition', loadHeading(result), left('Reason')], rows);
  return `${heading}${table}${bothResults(result)}`;
}

/** Figures of the levels with and without what was excluded: leaving out the worst repetitions flatters. */
function bothResults(result: RunResult): string {
  const { withExcluded = [], levels } = result;
  if (withExcluded.length === 0) return '';
  const columns = [
    loadHeading(result),
    'Result',
    'Requests',
    'Error %',
    'TTFT p50',
    'TTFT p95',
    'TPOT p95',
    'Latency p95',
  ];
  const row = (level: LevelFigures, name: string): string[] => [
    plainNumber(level.load),
    name,
    String(level.completed),
    show(level.errorRatio, asPercent),
    show(level.ttft.p50, asMilliseconds),
    show(level.ttft.p95, asMilliseconds),
    show(level.tpot.p95, asMilliseconds),
    show(level.latency.p95, asSeconds),
  ];
  const rows = withExcluded.flatMap((whole) => {
    const reported = levels.find(({ level }) => level === whole.level);
    return [...(reported === undefined ? [] : [row(reported, 'without')]), row(whole, '**with**')];
  });
  return `\n\nWith and without them:\n\n${markdownTable(columns, rows)}`;
}

export function warningsSection({ warnings }: RunResult): string | null {
  if (warnings.length === 0) return null;
  return `## Warnings\n\n${warnings.map((warning) => `- ${escapeText(warning)}`).join('\n')}`;
}

export function preflightSection({ preflight }: RunResult): string | null {
  if (preflight.length === 0) return null;
  const rows = preflight.map(({ check, ok, detail }) => [check, ok ? 'ok' : '**failed**', detail]);
  return `## Checks Before the Sweep\n\n${markdownTable([left('Check'), 'Result', left('Detail')], rows)}`;
}
