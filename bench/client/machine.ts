import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, type } from 'node:os';

/** Cores of the two processes that are measured against each other. */
export const SIMULATOR_CORE = 0;
export const CLIENT_CORE = 1;

let pins: boolean | null = null;

/** Whether processes can be pinned here: two cores and `taskset`. */
export function canPin(): boolean {
  pins ??= availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;
  return pins;
}

export interface MachineFacts {
  node: string;
  cpu: string;
  cores: number;
  system: string;
  date: string;
  pinned: boolean;
}

export function machineFacts(): MachineFacts {
  return {
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    system: `${type()} ${release()}`,
    date: new Date().toISOString(),
    pinned: canPin(),
  };
}

/** Most files that a process may have open; Infinity where there is no limit. Node takes the hard limit for itself. */
export function openFilesLimit(): number {
  const limit = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  return limit === 'unlimited' ? Infinity : Number(limit);
}

const TICKS_A_SECOND = 100;

/** Seconds since boot in which this core ran processes, of anybody's; NaN where the system doesn't tell. */
export function coreBusySeconds(core: number): number {
  try {
    const line = readFileSync('/proc/stat', 'utf8')
      .split('\n')
      .find((text) => text.startsWith(`cpu${core} `));
    const [user, nice, system, , , , , steal] = (line ?? '').split(/\s+/).slice(1).map(Number);
    return (user! + nice! + system! + steal!) / TICKS_A_SECOND;
  } catch {
    return NaN; // no /proc: not Linux
  }
}
