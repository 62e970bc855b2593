import { RIVALS, TITLES, TOOLS, type Tool } from './cells.js';
import type { CellFigures } from './figures.js';
import { spreadOf } from './statistics.js';

const COSTS = [
  { name: 'CPU per token', unit: 'µs', scale: 1e6, read: (cell: CellFigures) => cell.cpuPerTokenSeconds },
  { name: 'CPU in all', unit: 's', scale: 1, read: (cell: CellFigures) => cell.totalCpuSeconds },
  { name: 'memory', unit: 'MB', scale: 1e-6, read: (cell: CellFigures) => cell.memoryBytes },
  { name: 'start-up', unit: 's', scale: 1, read: (cell: CellFigures) => cell.startUpSeconds },
  {
    name: 'tokens/s',
    unit: '',
    scale: 1,
    read: (cell: CellFigures) => cell.outputTokensPerSecond ?? NaN,
  },
] as const;

/** What every tool cost, and that as a ratio to our own client in the same run. */
export function ratiosText(cells: readonly CellFigures[]): string {
  const lines: string[] = [];
  for (const users of [...new Set(cells.map((cell) => cell.users))]) {
    lines.push(`\n${users} users`, `  ${''.padEnd(14)}${TOOLS.map((tool) => TITLES[tool].padStart(18)).join('')}`);
    for (const { name, unit, scale, read } of COSTS) {
      const median = (tool: Tool): number =>
        spreadOf(cells.filter((cell) => cell.users === users && cell.tool === tool).map(read))?.median ?? NaN;
      const own = median('sweepscope');
      const shown = (tool: Tool): string => {
        const value = median(tool);
        return Number.isNaN(value) ? '–' : `${Number((value * scale).toPrecision(3))} ${unit}`.trim();
      };
      const rivals = RIVALS.map((tool) => `${shown(tool)} (${(median(tool) / own).toFixed(1)}×)`.padStart(18));
      lines.push(`  ${name.padEnd(14)}${shown('sweepscope').padStart(18)}${rivals.join('')}`);
    }
  }
  return lines.join('\n');
}
