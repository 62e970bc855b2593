import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import type { ToolRun } from './tools.js';

/** Clock ticks a second in /proc, which Linux has fixed for user space. */
const TICKS = 100;
const SAMPLE_MS = 250;
/** A reading of the memory costs more than one of the times. */
const MEMORY_EVERY = 4;

/** CPU time of a process and all below it. */
export interface CpuSample {
  /** CLOCK_MONOTONIC, seconds. */
  at: number;
  cpuSeconds: number;
}

export interface WatchedProcess {
  /** When it began, by both clocks, seconds. */
  spawnedAt: number;
  spawnedEpoch: number;
  samples: CpuSample[];
  /** Most memory of all its processes at one time, bytes; a page that several share counts once (PSS). */
  memoryBytes: number;
  seconds: number;
}

export const monotonicSeconds = (): number => Number(process.hrtime.bigint()) / 1e9;

/** Runs a tool pinned to a core, and watches what it uses. Its output goes to a log. @throws Error when it fails */
export async function watchProcess(
  run: ToolRun,
  core: number,
  log: string,
  limitSeconds: number,
): Promise<WatchedProcess> {
  const output = openSync(log, 'w');
  const spawnedAt = monotonicSeconds();
  const spawnedEpoch = Date.now() / 1000;
  const child = spawn('taskset', ['-c', String(core), run.command, ...run.args], {
    env: run.env,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const samples: CpuSample[] = [];
  let memoryBytes = 0;
  let count = 0;
  const timer = setInterval(() => {
    const family = familyOf(child.pid!);
    const at = monotonicSeconds();
    samples.push({ at, cpuSeconds: family.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS });
    count += 1;
    if (count % MEMORY_EVERY === 0)
      memoryBytes = Math.max(
        memoryBytes,
        family.reduce((sum, { pid }) => sum + pssBytes(pid), 0),
      );
    if (at - spawnedAt > limitSeconds) family.forEach(({ pid }) => kill(pid));
  }, SAMPLE_MS);
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
  });
  clearInterval(timer);
  if (ended !== 'exit code 0') {
    const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
    throw new Error(`${run.command} ended with ${ended}; the end of ${log}:\n${tail}`);
  }
  return { spawnedAt, spawnedEpoch, samples, memoryBytes, seconds: monotonicSeconds() - spawnedAt };
}

/** CPU seconds that a process had used at a moment, between its samples; the nearest sample's outside of them. */
export function cpuAt(samples: readonly CpuSample[], at: number): number {
  const next = samples.findIndex((sample) => sample.at >= at);
  if (next <= 0) return (next === 0 ? samples[0] : samples.at(-1))?.cpuSeconds ?? NaN;
  const [before, after] = [samples[next - 1]!, samples[next]!];
  const share = (at - before.at) / (after.at - before.at);
  return before.cpuSeconds + share * (after.cpuSeconds - before.cpuSeconds);
}

interface Member {
  pid: number;
  parent: number;
  /** With those of its children that it has waited for. */
  cpuTicks: number;
}

/** A process and all its descendants. */
function familyOf(root: number): Member[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readMember(Number(name)))
    .filter((member) => member !== null);
  const family = new Set([root]);
  for (let grew = true; grew;) {
    const before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    grew = family.size > before;
  }
  return all.filter(({ pid }) => family.has(pid));
}

/** null: it has ended meanwhile. */
function readMember(pid: number): Member | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuTicks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { pid, parent: Number(fields[1]), cpuTicks };
  } catch {
    return null;
  }
}

function pssBytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // It has ended meanwhile.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
