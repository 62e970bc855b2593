import type { Clock } from '../clock/clock.js';
import { RealClock } from '../clock/real-clock.js';
import { VIRTUAL_TIME } from './driver.js';
import { applyOverrides, type ProfileOverrides } from './deployment.js';
import type { Engine, EngineLoad } from './engine/types.js';
import { faultCycle, type FaultOption } from './faults.js';
import type { Serving } from './http/generation.js';
import type { ReplyCounters } from './http/reply.js';
import { createSimulatorServer } from './http/server.js';
import type { Dialect } from './metrics/dialects.js';
import { profileNamed } from './profiles.js';
import type { Profile } from './profiles/profile.js';
import { Restarts, type RestartOption } from './restarts.js';
import { engineOf, Simulation, type SimulatorMode } from './simulation.js';
import { PromptTokenizer } from './text/chat-template.js';
import { WriteLog } from './write-log.js';

export interface SimulatorOptions {
  /** A name of `describeProfiles()`, or a profile of one's own. */
  profile: string | Profile;
  /** 0: any free one. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default `burst`. */
  mode?: SimulatorMode;
  /** Decides noise, answer lengths and words; default 0. */
  seed?: number;
  overrides?: ProfileOverrides;
  /** When set, paths under /v1 want it as bearer token. */
  apiKey?: string;
  /** File for one line per ended request: see `WrittenRequest`. */
  writeLog?: string;
  /** Also log when every single token was written. */
  writeLogTokens?: boolean;
  fault?: FaultOption;
  /** The last worker takes this many times as long for everything. */
  slowWorker?: number;
  /** The server goes away once and comes back with an empty engine. */
  restart?: RestartOption;
  /** Whose metrics it speaks; default vLLM's. */
  dialect?: Dialect;
  clock?: Clock;
}

/** The server's state at one instant; counts are cumulative. */
export interface SimulatorSnapshot extends EngineLoad, ReplyCounters {
  promptTokens: number;
  generationTokens: number;
  preemptions: number;
  /** Longest that tokens were written after their time since the last snapshot, seconds: what the machine cannot keep up with. */
  worstLagSeconds: number;
}

export interface Simulator {
  /** `http://host:port`, without `/v1`. */
  url: string;
  port: number;
  /** The name it is served under. */
  model: string;
  /** Ends all connections at once and completes the write log. */
  stop(): Promise<void>;
  snapshot(): SimulatorSnapshot;
}

/**
 * Starts an OpenAI-compatible inference server that pretends to be the profile's.
 * @throws RangeError on an unknown profile or impossible limits; ZodError on a wrong `fault`; the system's error when
 * the port or the write log cannot be opened.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const clock = options.clock ?? new RealClock();
  const { seed = 0, mode = 'burst', host = '127.0.0.1', slowWorker = 1, dialect = 'vllm' } = options;
  const profile = profileOf(options);
  const nextFault = faultCycle(options.fault);
  const simulation = new Simulation({ profile, mode, seed, slowWorker, dialect }, clock);
  const { driver, counters } = simulation;
  const log = await openLog(options, clock);
  const server = createSimulatorServer({
    serving: servingOf(profile, mode, seed),
    replies: { clock, driver, log, counters },
    metrics: simulation,
    startedAt: () => simulation.startedAt,
    apiKey: options.apiKey ?? null,
    nextFault,
  });
  const restarts = new Restarts(server, { host, simulation, clock });
  await restarts.listen(options.port).catch(async (error: unknown) => {
    await log?.close();
    throw error;
  });
  simulation.start();
  if (options.restart !== undefined) restarts.schedule(options.restart);
  const { port } = restarts;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    model: profile.model,
    snapshot: () => takeSnapshot(simulation),
    stop: async () => {
      simulation.stop();
      await restarts.close();
      await log?.close();
    },
  };
}

/** What decides an engine. */
export type EngineOptions = Pick<SimulatorOptions, 'profile' | 'overrides' | 'mode' | 'slowWorker'> & { seed: number };

/** The engine of a profile without a server around it. @throws RangeError on an unknown profile or impossible limits */
export function createSimulatedEngine(options: EngineOptions): { engine: Engine; serving: Serving; profile: Profile } {
  const { seed, mode = 'burst', slowWorker = 1 } = options;
  const profile = profileOf(options);
  const engine = engineOf({ profile, mode, seed, slowWorker, dialect: 'vllm' });
  return { engine, serving: servingOf(profile, mode, seed), profile };
}

/** The engine of a profile with its metrics pages, on a clock that stands still meanwhile. @throws RangeError */
export function createSimulation(
  options: EngineOptions,
  clock: Clock,
): { simulation: Simulation; serving: Serving; profile: Profile } {
  const { seed, mode = 'burst', slowWorker = 1 } = options;
  const profile = profileOf(options);
  const simulation = new Simulation({ profile, mode, seed, slowWorker, dialect: 'vllm' }, clock, VIRTUAL_TIME);
  return { simulation, serving: servingOf(profile, mode, seed), profile };
}

function profileOf({ profile, overrides }: Pick<SimulatorOptions, 'profile' | 'overrides'>): Profile {
  return applyOverrides(typeof profile === 'string' ? profileNamed(profile) : profile, overrides ?? {});
}

function openLog({ writeLog, writeLogTokens }: SimulatorOptions, clock: Clock): Promise<WriteLog> | null {
  return writeLog === undefined ? null : WriteLog.open(writeLog, clock, writeLogTokens === true);
}

function servingOf(profile: Profile, mode: SimulatorMode, seed: number): Serving {
  const { model, maxModelLen, engine } = profile;
  const blockSize = mode === 'burst' && engine.enablePrefixCaching ? engine.blockSize : null;
  let draws = 0;
  return { profile, model, maxModelLen, seed, tokenizer: new PromptTokenizer(), blockSize, nextDraw: () => ++draws };
}

function takeSnapshot({ engine, driver, counters }: Simulation): SimulatorSnapshot {
  const { promptTokens, generationTokens, preemptions } = engine.statistics;
  return {
    ...engine.load(),
    ...counters,
    promptTokens,
    generationTokens,
    preemptions,
    worstLagSeconds: driver.takeWorstLag(),
  };
}
