import { format } from 'prettier';
import { TITLES, TOOLS, type Load, type Tool } from './cells.js';
import { differencesOf } from './differences.js';
import type { CellFigures, Times } from './figures.js';
import type { Machine } from './machine.js';
import { spreadOf } from './statistics.js';
import { INPUT_TOKENS, OUTPUT_TOKENS } from './tools.js';

/** One line of a load's table. */
interface Row {
  name: string;
  read: (cell: CellFigures) => number | null;
  /** From the base unit to the one that is shown. */
  scale: number;
  digits: number;
}

const TIME_NAMES = { ttft: 'TTFT', tpot: 'TPOT', itl: 'ITL', latency: 'E2E' } as const;
const QUANTILES = ['p50', 'p95', 'p99'] as const satisfies (keyof Times)[];

const ROWS: readonly Row[] = [
  ...Object.entries(TIME_NAMES).flatMap(([metric, title]) =>
    QUANTILES.map((quantile): Row => ({
      name: `${title} ${quantile}, ms`,
      read: (cell) => cell.steady[metric as keyof typeof TIME_NAMES][quantile],
      scale: 1000,
      digits: metric === 'ttft' || metric === 'latency' ? 1 : 2,
    })),
  ),
  { name: 'requests/s', read: (cell) => cell.requestsPerSecond, scale: 1, digits: 2 },
  { name: 'output tokens/s', read: (cell) => cell.outputTokensPerSecond, scale: 1, digits: 0 },
  { name: "the server's own mean TTFT, ms", read: ({ server }) => server.ttft, scale: 1000, digits: 1 },
  { name: "the server's own mean E2E, ms", read: ({ server }) => server.latency, scale: 1000, digits: 1 },
  { name: 'CPU per output token, µs', read: (cell) => cell.cpuPerTokenSeconds, scale: 1e6, digits: 1 },
  { name: 'CPU in all, s', read: (cell) => cell.totalCpuSeconds, scale: 1, digits: 1 },
  { name: 'memory, MB', read: (cell) => cell.memoryBytes, scale: 1e-6, digits: 0 },
  { name: 'start-up to the first request, s', read: (cell) => cell.startUpSeconds, scale: 1, digits: 1 },
];

/** `docs/compared.md`: the figures of a run, and what makes them differ. */
export function comparedPage(cells: readonly CellFigures[], machine: Machine): Promise<string> {
  const loads = loadsIn(cells);
  const text = [
    head(machine, cells),
    method(),
    ...loads.map((load) => loadTable(load, cells)),
    ...differencesOf(loads, cells),
  ].join('\n\n');
  return format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'preserve', singleQuote: true });
}

function loadsIn(cells: readonly CellFigures[]): Load[] {
  const loads = new Map(cells.map((cell) => [`${cell.target} ${cell.users}`, cell]));
  return [...loads.values()]
    .map(({ target, users, requests }) => ({ target, users, requests }))
    .sort((a, b) => b.target.localeCompare(a.target) || a.users - b.users);
}

function head(machine: Machine, cells: readonly CellFigures[]): string {
  const { cpu, cores, memoryBytes, system, node, date, versions, busyCoresBefore, isQuick, note } = machine;
  const repetitions = Math.max(...cells.map(({ repetition }) => repetition));
  const busyCores = busyCoresBefore ?? 0;
  const busy = busyCores > QUIET_CORES ? `\n\n${busyWarning(busyCores)}` : '';
  const remark = note === null ? '' : `\n\n${note}`;
  return `# Against the other tools

<!-- Written by \`npm run test:rivals\`: change e2e/rivals/page.ts and differences.ts instead. -->

The same loads, measured by vLLM's bench, GuideLLM, AIPerf and Sweepscope, and what makes their figures differ. This is
${isQuick ? 'a **quick** run (`--quick`: few requests a level)' : 'a full run'} of ${repetitions} ${repetitions === 1 ? 'repetition' : 'repetitions'}, ${date.slice(0, 10)}.${busy}${remark}

| machine | |
| --- | --- |
| processor | ${cpu}, ${cores} cores |
| memory | ${(memoryBytes / 2 ** 30).toFixed(0)} GiB |
| system | ${system}, Node ${node} |
| versions | ${TOOLS.map((tool) => `${TITLES[tool]} ${versions[tool]}`).join(', ')} |`;
}

/** Cores that may be at work beside the measurement. */
const QUIET_CORES = 0.1;
/** More than these, and the server's own figures differ from tool to tool by more than the tools do. */
const USELESS_CORES = 0.5;

function busyWarning(cores: number): string {
  const shared = `**The machine was shared**: ${cores.toFixed(1)} of its cores were at work before anything was started.`;
  if (cores > USELESS_CORES)
    return `${shared} Every tool was disturbed, each in other moments. The tables show that the test works; **no figure in them says which tool is the better one**. What a difference owes to the moment is the part called "the server" below.`;
  return `${shared} Differences of some per cent, and all p99, are within the disturbance.`;
}

function method(): string {
  return `## Method

\`npm run test:rivals\` (Linux, Python 3.11, PyPI; 12 GB and a quarter of an hour to install) has the server on core 0 and the tool
on core 1. Prompts have ${INPUT_TOKENS} tokens, answers exactly ${OUTPUT_TOKENS}; every run has prompts of its own, so that no cache
helps. Tools run with their defaults otherwise, in an order that is another one at each load and in each repetition. The
servers: a real vLLM with a tiny model and 8 slots (requests queue above 8 users), and the simulator's profile \`bench\`
(first token after 200 ms, then one each 20 ms, any number of streams).

The tables hold the **median** of the repetitions, and in brackets their range. All times and rates are computed by Sweepscope's
importers from the tools' own single requests, by [one set of definitions](concepts.md), in a window that leaves ramp-up and
tail out; only the stamps are the tool's. The server's means are \`_sum\` ÷ \`_count\` of its histograms over all requests of a
run; the simulator's are those of its model, so that its own lag on a busy core is in everybody's error. CPU per token is of all the tool's processes from the first request to the end of the last one; memory is the most
that all of them had at one time (PSS). A dash: the tool's files don't tell.`;
}

function loadTable({ target, users, requests }: Load, cells: readonly CellFigures[]): string {
  const own = cells.filter((cell) => cell.target === target && cell.users === users);
  const title = `## ${target === 'vllm' ? 'Real vLLM' : 'Simulator'}, ${users} ${users === 1 ? 'user' : 'users'}`;
  const line = (row: Row): string => `| ${row.name} | ${TOOLS.map((tool) => shown(row, tool, own)).join(' | ')} |`;
  const notes = TOOLS.flatMap((tool) => invalidNote(tool, own));
  return `${title}

${requests} requests a run.

| | ${TOOLS.map((tool) => TITLES[tool]).join(' | ')} |
| --- | ${TOOLS.map(() => '---:').join(' | ')} |
${ROWS.map(line).join('\n')}${notes.length === 0 ? '' : `\n\n${notes.join('\n')}`}`;
}

function shown({ read, scale, digits }: Row, tool: Tool, cells: readonly CellFigures[]): string {
  const spread = spreadOf(cells.filter((cell) => cell.tool === tool).map(read));
  if (spread === null) return '–';
  const text = (value: number): string => (value * scale).toFixed(digits);
  const { median, least, most } = spread;
  return text(least) === text(most) ? text(median) : `${text(median)} (${text(least)}–${text(most)})`;
}

function invalidNote(tool: Tool, cells: readonly CellFigures[]): string[] {
  const own = cells.filter((cell) => cell.tool === tool);
  const invalid = own.filter((cell) => cell.invalid.length > 0);
  const gates = [...new Set(invalid.flatMap((cell) => cell.invalid))].join(', ');
  const runs = `${invalid.length} of ${own.length} ${own.length === 1 ? 'run' : 'runs'}`;
  if (own.length === 0) return [`- ${TITLES[tool]}: there is no run of it at this load.`];
  return invalid.length === 0 ? [] : [`- ${TITLES[tool]}: ${runs} failed our validity gates (${gates}).`];
}
