import { ImportError } from './import-error.js';
import type { ForeignDefinition } from './definitions.js';
import { readQuantity, type MarkdownReport, type MarkdownTable } from './markdown-report.js';
import { emptyAggregate } from './aggregate.js';
import type { AggregateLevel, AggregateTime, Scalar, Statistic, TimeMetric } from './types.js';

/** What a column of a published table means. */
type Column =
  | { kind: 'time'; metric: TimeMetric; statistic: Statistic }
  | { kind: 'scalar'; scalar: Scalar }
  | { kind: 'runs' }
  | { kind: 'notes' };

const METRICS: Readonly<Record<string, TimeMetric>> = {
  ttft: 'ttft',
  tpot: 'tpot',
  itl: 'itl',
  latency: 'latency',
  e2e: 'latency',
};
const SCALAR_COLUMNS: readonly [RegExp, Scalar][] = [
  [/^error( ?%| rate)?$/i, 'errorRatio'],
  [/^(actual rps|rps|req\/s|requests\/s|throughput)$/i, 'requestsPerSecond'],
  [/^(tops|out tok\/s|output tok(ens)?\/s)$/i, 'outputTokensPerSecond'],
  [/^kv hit( rate)?( ?%)?$/i, 'kvHitRatio'],
];

function columnOf(title: string): Column | null {
  const time = /^(ttft|tpot|itl|latency|e2e)\s+(mean|p50|p90|p95|p99)$/i.exec(title);
  if (time !== null)
    return { kind: 'time', metric: METRICS[time[1]!.toLowerCase()]!, statistic: time[2]!.toLowerCase() as Statistic };
  const scalar = SCALAR_COLUMNS.find(([pattern]) => pattern.test(title));
  if (scalar !== undefined) return { kind: 'scalar', scalar: scalar[1] };
  if (/^valid runs$/i.test(title)) return { kind: 'runs' };
  return /^notes?$/i.test(title) ? { kind: 'notes' } : null;
}

const isLevelTable = ({ header }: MarkdownTable): boolean => /^(concurren\w*|users|conc)$/i.test(header[0] ?? '');

/** Which definitions the figures of a table carry. */
export interface TableDefinitions {
  times: Record<TimeMetric, ForeignDefinition>;
  scalars: Partial<Record<Scalar, ForeignDefinition>>;
}

/** Levels of the tables whose first column is the concurrency, all tables together; remarks go to `gaps`. @throws ImportError */
export function levelsOfTables(
  report: MarkdownReport,
  file: string,
  definitions: TableDefinitions,
  gaps: string[],
): AggregateLevel[] {
  const levels = new Map<number, AggregateLevel>();
  const unit = /\bin\s+\**(milli)?seconds\**/i.exec(report.text);
  const bare = unit === null ? null : unit[1] === undefined ? 's' : 'ms';
  for (const table of report.tables.filter(isLevelTable)) {
    const columns = table.header.map(columnOf);
    if (columns.every((column) => column === null || column.kind === 'notes')) continue;
    for (const row of table.rows) {
      const load = readQuantity(row[0] ?? '')?.value;
      if (load === undefined || !(load > 0)) continue;
      const level = levels.get(load) ?? emptyAggregate(load);
      levels.set(load, level);
      columns.forEach((column, index) => {
        if (column !== null) fill(level, column, row[index] ?? '', { file, definitions, gaps, bare });
      });
    }
  }
  return [...levels.values()];
}

interface Filling {
  file: string;
  definitions: TableDefinitions;
  gaps: string[];
  /** Unit of times without one; null: not told. */
  bare: 'ms' | 's' | null;
}

function fill(level: AggregateLevel, column: Column, cell: string, filling: Filling): void {
  if (column.kind === 'notes') {
    if (/exclud/i.test(cell)) filling.gaps.push(`Level ${level.load}: ${cell}.`);
    return;
  }
  if (column.kind === 'runs') {
    const runs = /^(\d+)\/(\d+)$/.exec(cell);
    if (runs !== null) level.repetitions = { used: Number(runs[1]), measured: Number(runs[2]) };
    return;
  }
  const quantity = readQuantity(cell);
  if (quantity === null) return;
  if (column.kind === 'scalar') {
    const definition = filling.definitions.scalars[column.scalar];
    if (definition === undefined) return;
    const scale = column.scalar === 'errorRatio' || column.scalar === 'kvHitRatio' ? 0.01 : 1;
    level.scalars[column.scalar] ??= { value: quantity.value * scale, definition };
    return;
  }
  const seconds = quantity.value * unitSeconds(quantity.unit, cell, filling);
  const definition = filling.definitions.times[column.metric];
  const time: AggregateTime = (level.times[column.metric] ??= { definition });
  time[column.statistic] ??= seconds;
}

function unitSeconds(written: string, cell: string, { file, bare }: Filling): number {
  const unit = written === '' ? bare : written;
  if (unit === 'ms') return 0.001;
  if (unit === 's') return 1;
  throw new ImportError(
    file,
    `has a time without a unit that can be read: "${cell}"`,
    'write ms or s behind the times, or "Times in milliseconds" above the table',
  );
}
