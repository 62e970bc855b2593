import { readdirSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { VERSION } from '../../exporter/src/config/version.js';
import type { Tool } from './cells.js';
import type { Places } from './tools.js';

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  system: string;
  node: string;
  date: string;
  versions: Record<Tool, string>;
  /** Cores that were at work before anything was started; a quiet machine has about 0. null: not known. */
  busyCoresBefore: number | null;
  isQuick: boolean;
  /** What else is to be said of the run; null: nothing. */
  note: string | null;
}

export async function machineOf({ vllm, rivals }: Places, isQuick: boolean, note: string | null): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `Linux ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
    versions: {
      sweepscope: VERSION,
      vllm: packageVersion(join(vllm, 'venv'), 'vllm'),
      guidellm: packageVersion(join(rivals, 'guidellm'), 'guidellm'),
      aiperf: packageVersion(join(rivals, 'aiperf'), 'aiperf'),
    },
    busyCoresBefore: await busyCores(),
    isQuick,
    note,
  };
}

const WATCH_SECONDS = 5;

/** How many cores are at work, on average over some seconds. */
async function busyCores(): Promise<number> {
  const before = cpus();
  await sleep(WATCH_SECONDS * 1000);
  const busy = cpus().map(({ times }, core) => {
    const { user, nice, sys, irq } = before[core]?.times ?? times;
    return times.user - user + times.nice - nice + times.sys - sys + times.irq - irq;
  });
  return busy.reduce((sum, milliseconds) => sum + milliseconds, 0) / (WATCH_SECONDS * 1000);
}

/** Version of a package in a virtual environment, by the name of its metadata folder. */
function packageVersion(venv: string, name: string): string {
  const lib = join(venv, 'lib');
  for (const python of readdirSync(lib).filter((entry) => entry.startsWith('python'))) {
    for (const entry of readdirSync(join(lib, python, 'site-packages'))) {
      const found = new RegExp(`^${name}-(.+)\\.dist-info$`).exec(entry);
      if (found !== null) return found[1]!;
    }
  }
  throw new Error(`${name} is not installed in ${venv}`);
}
