import { describeProfiles } from '../../simulator/profiles.js';
import type { ProfileOverrides } from '../../simulator/deployment.js';
import type { Dialect } from '../../simulator/metrics/dialects.js';
import type { SimulatorMode } from '../../simulator/simulation.js';
import { startSimulator, type SimulatorOptions } from '../../simulator/start.js';
import { CliError } from '../cli-error.js';
import { untilSignalled } from '../signals.js';

/** Flags that decide the simulated engine. */
export type EngineFlags = Pick<
  SimulateOptions,
  | 'maxNumSeqs'
  | 'maxNumBatchedTokens'
  | 'maxModelLen'
  | 'kvBlocks'
  | 'prefixCaching'
  | 'workers'
  | 'routing'
  | 'specTokens'
  | 'specAcceptance'
>;

export interface SimulateOptions {
  profile: string;
  listProfiles?: boolean;
  port: number;
  host: string;
  mode: SimulatorMode;
  seed: number;
  dialect: Dialect;
  maxNumSeqs?: number;
  maxNumBatchedTokens?: number;
  maxModelLen?: number;
  kvBlocks?: number;
  /** False by `--no-prefix-caching`. */
  prefixCaching: boolean;
  workers?: number;
  routing?: 'round-robin' | 'kv-aware';
  specTokens?: number;
  specAcceptance?: readonly number[];
  slowWorker?: number;
  restartAfter?: number;
  restartFor?: number;
  writeLog?: string;
  writeLogTokens?: boolean;
}

/** Runs the simulator until a signal ends it. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const profiles = describeProfiles();
  if (options.listProfiles === true) {
    for (const { name, model, description } of profiles) console.log(`${name}\n  serves ${model}: ${description}`);
    return;
  }
  const profile = profiles.find(({ name }) => name === options.profile);
  if (profile === undefined) {
    const known = profiles.map(({ name }) => name).join(', ');
    throw new CliError(`there is no profile "${options.profile}"`, 1, `the profiles are: ${known}`);
  }
  const simulator = await startSimulator(simulatorOptions(options)).catch((error: unknown) => {
    throw new CliError(...explain(error, options));
  });
  console.log(`simulating ${profile.name} (${simulator.model}) on ${simulator.url}`);
  console.log(`try: curl ${simulator.url}/v1/models    metrics: ${simulator.url}/metrics    end: Ctrl-C`);
  await untilSignalled();
  await simulator.stop();
}

function simulatorOptions(options: SimulateOptions): SimulatorOptions {
  const { profile, port, host, mode, seed, dialect, writeLog, writeLogTokens, slowWorker, restartAfter } = options;
  return present({
    profile,
    port,
    host,
    mode,
    seed,
    dialect,
    overrides: overridesOf(options),
    slowWorker,
    restart:
      restartAfter === undefined ? undefined : present({ afterSeconds: restartAfter, downSeconds: options.restartFor }),
    writeLog,
    writeLogTokens,
  });
}

/** What the flags change of the profile. */
export function overridesOf(options: EngineFlags): ProfileOverrides {
  return present({
    maxNumSeqs: options.maxNumSeqs,
    maxNumBatchedTokens: options.maxNumBatchedTokens,
    maxModelLen: options.maxModelLen,
    numBlocks: options.kvBlocks,
    enablePrefixCaching: options.prefixCaching ? undefined : false,
    workers: options.workers,
    routing: options.routing,
    speculativeTokens: options.specTokens,
    speculativeAcceptance: options.specAcceptance,
  });
}

type Present<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & { [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined> };

/** Without the fields that were not given. */
function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}

function explain(error: unknown, { host, port }: SimulateOptions): [string, 1, string] {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    return [`port ${port} on ${host} is in use`, 1, 'choose another one with --port, or 0 for any free one'];
  }
  if (code === 'EACCES') return [`port ${port} on ${host} may not be opened by this user`, 1, 'choose one above 1023'];
  return [error instanceof Error ? error.message : String(error), 1, 'see sweepscope simulate --help'];
}
