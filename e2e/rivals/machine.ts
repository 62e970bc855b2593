import { readdirSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
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
  /** Processes that wanted a core before anything was started, over the last minute; a quiet machine has about 0. */
  loadBefore: number;
  isQuick: boolean;
}

export function machineOf({ vllm, rivals }: Places, isQuick: boolean): Machine {
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
    loadBefore: loadavg()[0] ?? NaN,
    isQuick,
  };
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
