import type { MachineFacts } from './machine.js';
import type { Row } from './rows.js';

const COLUMNS = ['case', 'measure', 'figures', 'budget', 'verdict'] as const;

/** The table with its header, for a terminal. */
export function renderTable(machine: MachineFacts, rows: readonly Row[]): string {
  const heads = { case: 'case', measure: 'measure', figures: 'figures', budget: 'budget', verdict: '' };
  const widths = COLUMNS.map((column) => Math.max(...[heads, ...rows].map((row) => row[column].length)));
  const line = (row: Record<(typeof COLUMNS)[number], string>): string =>
    COLUMNS.map((column, index) => row[column].padEnd(widths[index]!))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const body = rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const same = before?.case === row.case;
    return [...(same || before === undefined ? [] : ['']), line(same ? { ...row, case: '' } : row)];
  });
  return [...headerLines(machine), '', line(heads), rule, ...body].join('\n');
}

function headerLines({ node, cpu, cores, system, date, pinned }: MachineFacts): string[] {
  const place = pinned
    ? 'simulator on core 0, client (main and load thread) on core 1; "others": what else ran on these two cores'
    : 'processes are NOT pinned (no taskset, or one core): client and simulator disturb each other';
  return [
    `client benchmark · Node ${node} · ${cpu}, ${cores} cores · ${system} · ${date}`,
    place,
    'errors: client minus server, per request, joined by X-Request-Id; the server counts from having parsed the head',
    '"idle client": the same error of a client without load at the same time, which is the machine\'s and the server\'s',
  ];
}
