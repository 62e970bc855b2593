import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, platform, release } from 'node:os';
import { VERSION } from '../config/version.js';
import type { HostFacts } from '../sweep/host-facts.js';
import { readThrottledSeconds } from './throttle-meter.js';

/** This machine and process, as a run has to know them. */
export function machineFacts(): HostFacts {
  return {
    environment: environment(),
    loadThreads: loadThreads(),
    readThrottledSeconds,
    newName: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
  };
}

function environment(): HostFacts['environment'] {
  const processors = cpus();
  return {
    version: VERSION,
    node: process.version,
    platform: `${platform()} ${release()} ${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
  };
}

/** Load threads for this machine: one less than the cores that we may use, at least one. */
export function loadThreads(): number {
  return Math.max(1, Math.floor(Math.min(availableParallelism(), cgroupCores())) - 1);
}

/** Cores that the control group's quota allows; Infinity without one. */
function cgroupCores(): number {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number);
    return Number.isFinite(quota) && Number.isFinite(period) ? quota! / period! : Infinity;
  } catch {
    return Infinity; // no control groups of version 2
  }
}
