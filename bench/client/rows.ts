import type { ClientName, CpuRound } from './cpu-per-chunk.js';
import type { ErrorLevel } from './error-at-rate.js';
import type { MemoryResult } from './memory-per-stream.js';
import { median, type Spread } from './statistics.js';
import { hadCapacity, wasDisturbed, type Window } from './window.js';

export type Verdict = 'pass' | 'MISSED' | '';

/** A line of the table. */
export interface Row {
  case: string;
  measure: string;
  figures: string;
  budget: string;
  verdict: Verdict;
}

/** Limits, in seconds; absent: none is set. */
interface ErrorBudget {
  p50?: number;
  p99?: number;
}

const RATIO_BUDGET = 1.5;
const MEMORY_BUDGET_KB = 60;
/** A client that starts its clock late would flatter the server. */
const LEAST_ERROR = -0.001;
const STAMP_P99_BUDGET = 0.001;
/** Half of the users that one core is to serve. */
export const HALF_LOAD_USERS = 200;
const TTFT_BUDGETS: Readonly<Record<string, ErrorBudget>> = {
  'independent 400': { p50: 0.002, p99: 0.01 },
  'burst 400': { p50: 0.005, p99: 0.015 },
  'independent 800': { p50: 0.005 },
};

const ms = (seconds: number): string => (1000 * seconds).toFixed(2);
const percent = (share: number): string => (Number.isNaN(share) ? '?' : `${Math.round(100 * share)} %`);
const verdictOf = (passes: boolean): Verdict => (passes ? 'pass' : 'MISSED');
const whole = (value: number): string => Math.round(value).toLocaleString('en');

export function cpuRows(rounds: readonly CpuRound[]): Row[] {
  return [...new Set(rounds.map((round) => round.streams))].flatMap((streams) => {
    const windowsOf = (client: ClientName): Window[] =>
      rounds.filter((round) => round.streams === streams && round.client === client).map((round) => round.window);
    const [ours, sink] = [windowsOf('ours'), windowsOf('sink')];
    const ratio = median(ours.map(cost)) / median(sink.map(cost));
    const name = `${streams.toLocaleString('en')} streams`;
    return [
      {
        case: name,
        measure: 'CPU per chunk',
        figures: `ours ${costs(ours)} µs, sink ${costs(sink)} µs: ${ratio.toFixed(2)}×`,
        budget: `≤ ${RATIO_BUDGET}× (aim 1.3×)`,
        verdict: verdictOf(ratio <= RATIO_BUDGET),
      },
      { ...machineRow(name, ours), measure: 'machine, ours' },
      { ...machineRow(name, sink), measure: 'machine, sink' },
    ];
  });
}

const cost = (window: Window): number => window.clientCpuMicrosPerChunk;

/** The median, and each round's where there are several. */
function costs(windows: readonly Window[]): string {
  const each = windows.map((window) => cost(window).toFixed(1));
  return median(windows.map(cost)).toFixed(1) + (each.length > 1 ? ` (${each.join(', ')})` : '');
}

export function errorRows(levels: readonly ErrorLevel[]): Row[] {
  return levels.flatMap((level) => {
    const { timing, users, window, errors } = level;
    const name = `${users} users, ${timing}`;
    const budget = TTFT_BUDGETS[`${timing} ${users}`] ?? {};
    const rows: Row[] = [
      errorRow(name, 'TTFT error', errors.ttft, budget),
      errorRow(name, 'E2E error', errors.e2e, {}),
      { case: name, measure: 'mean ITL error', figures: spreadText(errors.itl), budget: '', verdict: '' },
    ];
    if (users === HALF_LOAD_USERS && timing === 'independent') {
      rows.push(
        stampRow(name, 'first token stamp', errors.firstStamp),
        stampRow(name, 'last token stamp', errors.lastStamp),
      );
    }
    rows.push({ case: name, measure: 'TTFT, idle client', figures: spreadText(level.probe), budget: '', verdict: '' });
    return [...rows, machineRow(name, [window])];
  });
}

function errorRow(name: string, measure: string, error: Spread, { p50, p99 }: ErrorBudget): Row {
  const limits = [
    ...(p50 === undefined ? [] : [`p50 ≤ ${1000 * p50}`]),
    ...(p99 === undefined ? [] : [`p99 ≤ ${1000 * p99}`]),
    `min ≥ ${1000 * LEAST_ERROR} ms`,
  ];
  const passes = error.p50 <= (p50 ?? Infinity) && error.p99 <= (p99 ?? Infinity) && error.min >= LEAST_ERROR;
  return { case: name, measure, figures: spreadText(error), budget: limits.join(', '), verdict: verdictOf(passes) };
}

function stampRow(name: string, measure: string, error: Spread): Row {
  const passes = error.p99 <= STAMP_P99_BUDGET && error.min >= -STAMP_P99_BUDGET;
  const budget = `p99 ≤ ${1000 * STAMP_P99_BUDGET}, min ≥ ${-1000 * STAMP_P99_BUDGET} ms`;
  return { case: name, measure, figures: spreadText(error), budget, verdict: verdictOf(passes) };
}

function spreadText({ p50, p99, min, n }: Spread): string {
  return `p50 ${ms(p50)}, p99 ${ms(p99)}, min ${ms(min)} ms (n ${n})`;
}

/** What the machine did meanwhile: whether the figures above are the client's. Of several windows the worst of each. */
function machineRow(name: string, windows: readonly Window[]): Row {
  const most = (read: (window: Window) => number): number => Math.max(...windows.map(read));
  const lag = 1000 * most((window) => window.simulatorLagP99);
  const spare = windows.every(hadCapacity) ? 'capacity to spare' : 'NO CAPACITY TO SPARE';
  const others = [most((window) => window.othersOnSimulatorCore), most((window) => window.othersOnClientCore)];
  const figures = [
    `${whole(median(windows.map((window) => window.chunksPerSecond)))} chunks/s`,
    `client CPU ${percent(most((window) => window.clientCpuShare))}`,
    `simulator CPU ${percent(most((window) => window.simulatorCpuShare))}, lag p99 ≤ ${lag} ms: ${spare}`,
    `others ${others.map(percent).join(' / ')}${windows.some(wasDisturbed) ? ' (disturbed)' : ''}`,
  ];
  return { case: name, measure: 'machine', figures: figures.join('; '), budget: '', verdict: '' };
}

export function memoryRow(memory: MemoryResult): Row {
  const budget = `≤ ${MEMORY_BUDGET_KB} KB (aim 40)`;
  const place = { case: `${memory.streams.toLocaleString('en')} streams`, measure: 'memory per stream', budget };
  if (!memory.measured) return { ...place, figures: `not measured: ${memory.reason}`, verdict: 'MISSED' };
  const kilobytes = memory.rssPerStream / 1024;
  const megabytes = (bytes: number): string => `${whole(bytes / 1024 ** 2)} MB`;
  const figures = `${kilobytes.toFixed(1)} KB (RSS ${megabytes(memory.idle.rssBytes)} idle, ${megabytes(memory.full.rssBytes)} full)`;
  return { ...place, figures, verdict: verdictOf(kilobytes <= MEMORY_BUDGET_KB) };
}
