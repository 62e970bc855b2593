/** Simulates the published sweeps in virtual time and prints simulated beside published figures. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { flagsOf } from '../flags.js';
import { checkSeed, type Check } from './checks.js';
import { SEEDS, type SeedPlan } from './plans.js';
import { runSeed, type SeedRun } from './run-seed.js';
import { seedText } from './table.js';

interface SeedReport {
  plan: SeedPlan;
  run: SeedRun;
  checks: Check[];
}

const values = flagsOf({
  json: { type: 'boolean', default: false },
  only: { type: 'string' },
  child: { type: 'string' },
});

function chosen(only: string | undefined): SeedPlan[] {
  if (only === undefined) return [...SEEDS];
  return only.split(',').map((id) => {
    const plan = SEEDS.find((seed) => seed.id === id.trim());
    if (plan !== undefined) return plan;
    console.error(`there is no seed "${id}"; there are: ${SEEDS.map((seed) => seed.id).join(', ')}`);
    process.exit(1);
  });
}

/** Runs one seed in a process of its own; NaN travels as null. */
function inChild(plan: SeedPlan): Promise<SeedReport> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--child', plan.id], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`seed ${plan.id} failed with exit code ${code ?? 'none'}`));
      const run = JSON.parse(text, (_key, value: unknown) => (value === NOT_A_NUMBER ? NaN : value)) as SeedRun;
      resolve({ plan, run, checks: checkSeed(run, plan.claims) });
    });
  });
}

const NOT_A_NUMBER = 'NaN';

async function runAll(plans: readonly SeedPlan[], report: (seed: SeedReport) => void): Promise<SeedReport[]> {
  const waiting = [...plans];
  const done: SeedReport[] = [];
  const lane = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
      const seed = await inChild(plan);
      done.push(seed);
      report(seed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(plans.length, availableParallelism()) }, lane));
  return done.sort((a, b) => a.plan.id.localeCompare(b.plan.id));
}

if (values.child !== undefined) {
  const run = await runSeed(chosen(values.child)[0]!);
  process.stdout.write(JSON.stringify(run, (_key, value: unknown) => (Number.isNaN(value) ? NOT_A_NUMBER : value)));
} else {
  const startedAt = performance.now();
  const reports = await runAll(chosen(values.only), ({ plan, run, checks }) => {
    if (!values.json) console.log(seedText(plan, run, checks));
  });
  const missed = reports.flatMap(({ plan, checks }) =>
    checks.filter(({ pass }) => !pass).map(({ name }) => `${plan.id} ${name}`),
  );
  if (values.json) console.log(JSON.stringify(reports, null, 2));
  else {
    const verdict = missed.length === 0 ? 'all tolerances held' : `missed: ${missed.join(', ')}`;
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s; ${verdict}`);
  }
  process.exitCode = missed.length === 0 ? 0 : 1;
}
