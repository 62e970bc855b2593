import { columnsWithin } from './columns.js';
import type { Column } from './columns.js';
import type { LoadUnit } from './event-writer.js';
import { MISSING, inColumn } from './format.js';
import type { LiveState } from './live-state.js';
import { phaseName } from './phase-names.js';
import { liveLine, progressLine } from './progress-line.js';
import { paintLine, printable, segment } from './terminal-style.js';
import type { Segment, TerminalStyle } from './terminal-style.js';
import { levelVerdict } from './verdict.js';

export interface TableSize {
  /** Characters a line may have. */
  width: number;
  /** Lines there is room for; levels far from the running one are left out when it is short. Infinity: no limit. */
  height: number;
}

const LEVEL_WIDTH = 8;
const VERDICT_WIDTH = 14;
const GAP = '  ';
/** Title, two header lines, a blank one, progress and live line. */
const OTHER_LINES = 6;

/** The table of all levels, the running one with live figures, and the progress below. Pure; no line is wider than asked. */
export function renderLiveTable(
  state: LiveState,
  { width, height }: TableSize,
  style: TerminalStyle,
  unit: LoadUnit = 'users',
): string[] {
  const columns = columnsWithin(width - LEVEL_WIDTH - GAP.length - VERDICT_WIDTH);
  const rows = state.levels.map((_, index) => levelRow(state, index, columns));
  const lines = [
    [segment(printable(state.runId), 'bold')],
    ...header(columns, unit),
    ...visibleRows(rows, state, height - OTHER_LINES),
    [],
    ...(state.end === null ? [progressLine(state, unit, width), liveLine(state)] : [endLine(state.end)]),
  ];
  return lines.map((line) => paintLine(line, width, style));
}

function header(columns: readonly Column[], unit: LoadUnit): Segment[][] {
  const groups = columns.map(({ group, width }, index) => {
    const last = columns[index + 1]?.group !== group;
    const first = columns[index - 1]?.group !== group;
    const before = first ? 0 : (columns[index - 1]?.width ?? 0);
    return group !== '' && last ? group.padStart(width + before) : ' '.repeat(last || group === '' ? width : 0);
  });
  const titles = columns.map(({ title, width }) => title.padStart(width));
  return [
    [segment(`${' '.repeat(LEVEL_WIDTH)}${groups.join('')}`.trimEnd(), 'bold')],
    [segment(`${unit.padStart(LEVEL_WIDTH)}${titles.join('')}${GAP}verdict`, 'bold')],
  ];
}

function levelRow(state: LiveState, index: number, columns: readonly Column[]): Segment[] {
  const running = index === state.level;
  const result = state.results.get(index);
  const { live } = state;
  const lead = `${running ? '▸' : ' '}${inColumn(String(state.levels[index]), LEVEL_WIDTH - 1)}`;
  const cells = columns.map((column) => {
    const text = running ? (live ? column.ofLive(live) : MISSING) : result ? column.ofResult(result) : MISSING;
    return inColumn(text, column.width - 1).padStart(column.width);
  });
  const figures = lead + cells.join('') + GAP;
  if (running) return [segment(figures + phaseName(state.phase), 'dim')];
  if (result === undefined) return [segment(figures, 'dim')];
  const verdict = levelVerdict(result, state.judgements.get(index));
  return [segment(figures), segment(verdict.text, verdict.paint)];
}

function visibleRows(rows: readonly Segment[][], state: LiveState, room: number): Segment[][] {
  if (rows.length <= room) return [...rows];
  const shown = Math.max(1, room - 1);
  const focus = state.level >= 0 ? state.level : rows.length - 1;
  const first = Math.min(Math.max(0, focus - Math.floor(shown / 2)), rows.length - shown);
  const inSight = rows.slice(first, first + shown);
  if (room < 2) return inSight;
  const hidden = rows.length - shown;
  const more = `${hidden} more ${hidden === 1 ? 'level' : 'levels'}`;
  return [...inSight, [segment(`${' '.repeat(LEVEL_WIDTH)} … ${more}`, 'dim')]];
}

function endLine({ state, reason }: NonNullable<LiveState['end']>): Segment[] {
  const words = printable(reason) === '' ? state : `${state}: ${printable(reason)}`;
  return [segment(words, state === 'completed' ? 'green' : 'red')];
}
