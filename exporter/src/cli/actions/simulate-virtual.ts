import { RealClock } from '../../clock/real-clock.js';
import { machineFacts } from '../../server/machine.js';
import type { SweepSpec } from '../../config/spec.js';
import type { SimulatorMode } from '../../simulator/simulation.js';
import { VirtualRun } from '../../virtual/virtual-run.js';
import { CliError } from '../cli-error.js';
import { throttleProgress } from '../output/throttle-progress.js';
import { openOutput } from '../output/open-output.js';
import { readSpecFile } from '../spec-file.js';
import { overridesOf, type EngineFlags } from './simulate.js';
import type { SpecOptions } from '../commands/spec-options.js';
import { exitCodeOf, requireLevel } from '../verdict.js';
import { watchRun } from '../watch-run.js';

export interface SimulateVirtualOptions extends SpecOptions, EngineFlags {
  virtual: string;
  profile: string;
  mode: SimulatorMode;
  seed: number;
  slowWorker?: number;
  restartAfter?: number;
  writeLog?: string;
  json?: boolean;
  requireLevel?: number;
}

/** Shown progress in real time: a virtual second goes by in milliseconds. */
const PROGRESS_SECONDS = 0.2;

/** Runs a whole spec against a simulated server in virtual time, and shows and writes what `run` would. */
export async function simulateVirtual(options: SimulateVirtualOptions): Promise<void> {
  refuseServerFlags(options);
  const spec = readSpecFile(options.virtual, options);
  const clock = new RealClock();
  const output = openOutput({ json: options.json === true, spec });
  const run = virtualRun(options, spec, Math.floor(clock.epoch()), (message) => output.say(`warning: ${message}`));
  const show = throttleProgress((event) => output.event(event), clock, options.json === true ? 0 : PROGRESS_SECONDS);
  const startedAt = clock.now();
  const finished = await run.drive(watchRun(run.sidecar, { spec }, { ...output, event: show }));
  const realSeconds = clock.now() - startedAt;
  output.end(finished.result, finished.dir);
  const speed = Math.round(run.seconds / realSeconds);
  output.say(
    `virtual time: ${Math.round(run.seconds)} s simulated in ${realSeconds.toFixed(1)} s, ${speed} s per s (profile ${options.profile}, seed ${options.seed})`,
  );
  process.exitCode =
    options.requireLevel === undefined
      ? exitCodeOf(finished)
      : requireLevel(finished, options.requireLevel, (message) => output.say(message));
}

function virtualRun(
  options: SimulateVirtualOptions,
  spec: SweepSpec,
  startEpoch: number,
  warn: (message: string) => void,
): VirtualRun {
  const { profile, mode, seed, slowWorker = 1 } = options;
  const overrides = overridesOf(options);
  const { environment } = machineFacts();
  try {
    return new VirtualRun({ spec, profile, mode, seed, slowWorker, overrides, startEpoch, environment, warn });
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message, 1, 'see sweepscope simulate --list-profiles');
    throw error;
  }
}

/** Flags of the server that virtual time has no use for. @throws CliError */
function refuseServerFlags({ restartAfter, writeLog }: SimulateVirtualOptions): void {
  const given = [restartAfter === undefined ? [] : ['--restart-after'], writeLog === undefined ? [] : ['--write-log']];
  const flags = given.flat();
  if (flags.length === 0) return;
  throw new CliError(
    `${flags.join(' and ')}: not with --virtual, which serves nobody`,
    1,
    'leave it out, or --virtual',
  );
}
