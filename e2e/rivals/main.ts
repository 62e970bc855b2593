/** `npm run test:rivals`: runs the other tools and ours at the same loads, and tells where they differ. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readMetrics, type Reading } from '../vllm/exposition.js';
import { cellsOf, loadsOf, TARGETS, TITLES, TOOLS, type Cell, type Target, type Tool } from './cells.js';
import { cellFigures, type CellFigures } from './figures.js';
import { machineOf, type Machine } from './machine.js';
import { comparedPage } from './page.js';
import { ratiosText } from './ratios.js';
import { startServer } from './servers.js';
import { toolRun, type Places, type ServerUnderTest } from './tools.js';
import { watchProcess } from './watched-process.js';

const TOOL_CORE = 1;
const LIMIT_SECONDS = 600;
const IDLE_LIMIT_SECONDS = 30;

const [root, ...words] = process.argv.slice(2) as [string, ...string[]];
const { values } = parseArgs({
  args: words,
  options: {
    quick: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '3' },
    only: { type: 'string' },
    tools: { type: 'string', default: TOOLS.join(',') },
    /** Only these numbers of users. */
    users: { type: 'string' },
    /** Carries on in an earlier run's folder: what it has is not measured again. */
    into: { type: 'string' },
    /** Only what the tools cost, as ratios to ours; docs/compared.md stays as it is. */
    ratios: { type: 'boolean', default: false },
    /** What the page is to say of this run besides. */
    note: { type: 'string' },
    /** Writes the page of an earlier run's folder instead of measuring. */
    render: { type: 'string' },
  },
});

const places: Places = {
  root,
  vllm: resolve(root, process.env['SWEEPSCOPE_VLLM_DIR'] ?? '.vllm'),
  rivals: resolve(root, process.env['SWEEPSCOPE_RIVALS_DIR'] ?? '.rivals'),
};
const chosen = <T extends string>(known: readonly T[], asked: string | undefined): T[] => {
  const unknown = (asked ?? '').split(',').filter((word) => word !== '' && !known.some((name) => name === word));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')} is none of ${known.join(', ')}`);
  return known.filter((name) => asked === undefined || asked.split(',').includes(name));
};
const tools: Tool[] = chosen(TOOLS, values.tools);
// What the tools cost shows at high load only.
const targets: Target[] = values.ratios ? ['simulator'] : chosen(TARGETS, values.only);

const folder =
  values.render ??
  values.into ??
  join(places.rivals, 'results', new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-'));

const cellsFile = join(folder, 'cells.jsonl');

function storedCells(): CellFigures[] {
  if (!existsSync(cellsFile)) return [];
  const lines = readFileSync(cellsFile, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CellFigures);
}

const keyOf = ({ target, users, tool, repetition }: Cell): string => `${target}-${users}-${tool}-${repetition}`;

/** Waits until the server has nothing to do, so that a run finds it as the one before did. */
async function idleReading(url: string): Promise<Reading> {
  for (let seconds = 0; seconds < IDLE_LIMIT_SECONDS; seconds += 1) {
    const reading = await readMetrics(url);
    const { metrics } = reading;
    if (metrics.value('vllm:num_requests_running') + metrics.value('vllm:num_requests_waiting') === 0) return reading;
    await sleep(1000);
  }
  throw new Error(`the server at ${url} is still busy after ${IDLE_LIMIT_SECONDS} s`);
}

async function measure(cell: Cell, server: ServerUnderTest): Promise<CellFigures> {
  const name = keyOf(cell);
  const dir = join(folder, name);
  const run = toolRun(cell, server, places, dir);
  const before = await idleReading(server.url);
  const watched = await watchProcess(run, TOOL_CORE, join(dir, 'output.log'), LIMIT_SECONDS);
  const after = await idleReading(server.url);
  const figures = await cellFigures(cell, run.results, watched, { before, after });
  const ms = (seconds: number): string => `${(seconds * 1000).toFixed(1)} ms`;
  console.error(
    `${name}: ${figures.client.requests} requests, TTFT ${ms(figures.client.ttft)} (server ${ms(figures.server.ttft)}), start-up ${figures.startUpSeconds.toFixed(1)} s, ${watched.seconds.toFixed(0)} s in all`,
  );
  return figures;
}

/** One repetition on a server of its own: repetitions lie apart in time, and what drifts falls on all tools alike. */
async function measureTarget(target: Target, repetition: number): Promise<void> {
  const users = values.users?.split(',').map(Number);
  const loads = loadsOf(target, values.quick).filter((load) => users?.includes(load.users) !== false);
  const stored = new Set(storedCells().map(keyOf));
  const cells = cellsOf(loads, tools, repetition).filter((cell) => !stored.has(keyOf(cell)));
  if (cells.length === 0) return;
  const server = await startServer(target, root);
  try {
    await measure({ ...loads[0]!, tool: 'vllm', repetition: 1000 + repetition }, server); // Warms the server up; not counted.
    for (const cell of cells) {
      try {
        appendFileSync(cellsFile, `${JSON.stringify(await measure(cell, server))}\n`);
      } catch (error) {
        // One run less, which the page tells.
        console.error(`${TITLES[cell.tool]} at ${cell.users} users: ${(error as Error).message}`);
      }
    }
  } finally {
    await server.stop();
  }
}

if (values.render === undefined) {
  mkdirSync(folder, { recursive: true });
  const machineFile = join(folder, 'machine.json');
  if (!existsSync(machineFile))
    writeFileSync(machineFile, JSON.stringify(await machineOf(places, values.quick, values.note ?? null)));
  for (let repetition = 1; repetition <= Number(values.repetitions); repetition += 1)
    for (const target of targets) await measureTarget(target, repetition);
}
const cells = storedCells();
if (values.ratios) console.log(ratiosText(cells));
else {
  const page = join(root, 'docs/compared.md');
  const machine = JSON.parse(readFileSync(join(folder, 'machine.json'), 'utf8')) as Machine;
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, await comparedPage(cells, { ...machine, note: values.note ?? machine.note ?? null }));
  console.error(`figures in ${folder}, page in ${page}`);
}
