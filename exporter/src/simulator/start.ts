import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.js';
import { RealClock } from '../clock/real-clock.js';
import { applyOverrides, deploymentOf, type ProfileOverrides } from './deployment.js';
import { EngineDriver } from './driver.js';
import { createEngine } from './engine/create.js';
import { createIndependentEngine } from './engine/independent.js';
import type { Engine, EngineLoad } from './engine/types.js';
import { faultCycle, type FaultOption } from './faults.js';
import type { Serving } from './http/generation.js';
import type { ReplyCounters } from './http/reply.js';
import { createSimulatorServer } from './http/server.js';
import { profileNamed } from './profiles.js';
import type { Profile } from './profiles/profile.js';
import { PromptTokenizer } from './text/chat-template.js';
import { WriteLog } from './write-log.js';

/**
 * `burst`: one engine with continuous batching; a step's tokens for all sequences are written together.
 * `independent`: every stream ticks by itself with constant times; no slots, no queue.
 */
export const SIMULATOR_MODES = ['burst', 'independent'] as const;
export type SimulatorMode = (typeof SIMULATOR_MODES)[number];

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
  const { seed = 0, host = '127.0.0.1' } = options;
  const { engine, serving, profile } = createSimulatedEngine({ ...options, seed });
  const driver = new EngineDriver(engine, clock);
  const nextFault = faultCycle(options.fault);
  const log =
    options.writeLog === undefined
      ? null
      : await WriteLog.open(options.writeLog, clock, options.writeLogTokens === true);
  const counters: ReplyCounters = { tokensWritten: 0, finished: 0, aborted: 0, faults: 0 };
  const server = createSimulatorServer({
    serving,
    replies: { clock, driver, log, counters },
    metrics: {
      engine,
      model: profile.model,
      startedAt: clock.epoch(),
      cache: profile.engine,
      own: { lag: driver.lag, counters, cpuSeconds },
    },
    apiKey: options.apiKey ?? null,
    nextFault,
  });
  server.listen({ port: options.port, host, backlog: 4096 });
  await once(server, 'listening').catch(async (error: unknown) => {
    await log?.close();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    model: profile.model,
    snapshot: () => takeSnapshot(engine, driver, counters),
    stop: async () => {
      driver.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await log?.close();
    },
  };
}

/** What decides an engine. */
export type EngineOptions = Pick<SimulatorOptions, 'profile' | 'overrides' | 'mode'> & { seed: number };

/** The engine of a profile without a server around it. @throws RangeError on an unknown profile or impossible limits */
export function createSimulatedEngine(options: EngineOptions): { engine: Engine; serving: Serving; profile: Profile } {
  const { profile: given, seed, mode = 'burst', overrides = {} } = options;
  const profile = applyOverrides(typeof given === 'string' ? profileNamed(given) : given, overrides);
  const engine = engineOf(profile, mode, seed, overrides.slowWorker);
  return { engine, serving: servingOf(profile, mode, seed), profile };
}

function engineOf(profile: Profile, mode: SimulatorMode, seed: number, slow = 1): Engine {
  return mode === 'burst'
    ? createEngine(deploymentOf(profile, slow), seed)
    : createIndependentEngine(profile.independent, profile.maxModelLen);
}

function servingOf(profile: Profile, mode: SimulatorMode, seed: number): Serving {
  const { model, maxModelLen, engine } = profile;
  const blockSize = mode === 'burst' && engine.enablePrefixCaching ? engine.blockSize : null;
  let draws = 0;
  return { profile, model, maxModelLen, seed, tokenizer: new PromptTokenizer(), blockSize, nextDraw: () => ++draws };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function takeSnapshot(engine: Engine, driver: EngineDriver, counters: ReplyCounters): SimulatorSnapshot {
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
