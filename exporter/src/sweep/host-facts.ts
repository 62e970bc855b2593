import type { RunResult } from '../report/result-schema.js';

/** Reads the seconds for which the kernel has held this process's group back for its CPU quota; NaN: can't be known. */
export type ReadThrottledSeconds = () => number;

/**
 * What a run takes from the machine and the process around it. Handed in by the shell, so that nothing below reads the
 * machine, and a run in virtual time depends on its seed alone.
 */
export interface HostFacts {
  /** For the report. */
  environment: NonNullable<RunResult['environment']>;
  /** Threads that make the load, at least 1. */
  loadThreads: number;
  readThrottledSeconds: ReadThrottledSeconds;
  /** A name that no other run has: `digits` hexadecimal digits. */
  newName(digits: number): string;
}
