import { readFileSync } from 'node:fs';
import type { ReadThrottledSeconds } from '../sweep/host-facts.js';

const CGROUP_V2 = '/sys/fs/cgroup/cpu.stat';
const CGROUP_V1 = '/sys/fs/cgroup/cpu/cpu.stat';

function parse(text: string): number {
  const micros = /^throttled_usec (\d+)$/m.exec(text);
  if (micros) return Number(micros[1]) / 1e6;
  const nanos = /^throttled_time (\d+)$/m.exec(text);
  return nanos ? Number(nanos[1]) / 1e9 : NaN;
}

/** From the control group of this container or session (version 2, then 1). */
export const readThrottledSeconds: ReadThrottledSeconds = () => {
  for (const path of [CGROUP_V2, CGROUP_V1]) {
    try {
      const seconds = parse(readFileSync(path, 'utf8'));
      if (!Number.isNaN(seconds)) return seconds;
    } catch {
      continue; // no such file: another version of control groups, or none
    }
  }
  return NaN;
};
