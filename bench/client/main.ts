/** `npm run bench -- client [--quick] [--json] [--check] [--only cpu,error,memory] [--cpu-prof DIR]` */
import { flagsOf } from '../flags.js';
import { measureCpu, type CpuRound } from './cpu-per-chunk.js';
import { measureErrors, type ErrorLevel } from './error-at-rate.js';
import { machineFacts } from './machine.js';
import { measureMemory, type MemoryResult } from './memory-per-stream.js';
import { FULL, PARTS, QUICK, type Part } from './plans.js';
import { cpuRows, errorRows, memoryRow, type Row } from './rows.js';
import { renderTable } from './table.js';

const values = flagsOf({
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  only: { type: 'string', default: PARTS.join(',') },
  'cpu-prof': { type: 'string' },
});

interface Figures {
  cpu: CpuRound[];
  errors: ErrorLevel[];
  memory: MemoryResult | null;
}

const plan = values.quick ? QUICK : FULL;
const chosen = new Set(values.only.split(','));
const profile = values['cpu-prof'];
const clientNode = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
const { patience } = plan;
const startedAt = Date.now();
const say = (line: string): void => console.error(`${Math.round((Date.now() - startedAt) / 1000)} s  ${line}`);
const wants = (part: Part): boolean => chosen.has(part);

async function measure(): Promise<Figures> {
  const figures: Figures = { cpu: [], errors: [], memory: null };
  if (wants('cpu')) figures.cpu = await measureCpu({ ...plan.cpu, patience, clientNode, say });
  if (wants('error')) {
    for (const level of plan.errors)
      figures.errors.push(...(await measureErrors({ ...level, patience, clientNode, say })));
  }
  if (wants('memory')) figures.memory = await measureMemory({ ...plan.memory, say });
  return figures;
}

function rowsOf({ cpu, errors, memory }: Figures): Row[] {
  return [...cpuRows(cpu), ...errorRows(errors), ...(memory === null ? [] : [memoryRow(memory)])];
}

const unknown = [...chosen].filter((name) => !PARTS.some((part) => part === name));
if (unknown.length > 0) {
  console.error(`--only: there is no part "${unknown.join(', ')}"; the parts are: ${PARTS.join(', ')}`);
  process.exit(1);
}
const machine = machineFacts();
const figures = await measure();
const rows = rowsOf(figures);
console.log(values.json ? JSON.stringify({ machine, rows, figures }, null, 2) : renderTable(machine, rows));
const missed = rows.filter((row) => row.verdict === 'MISSED').length;
if (missed > 0) console.error(`${missed} of the budgets missed`);
if (values.check && missed > 0) process.exitCode = 1;
