import { every, type Clock, type Timer } from '../clock/clock.js';
import { deploymentOf } from './deployment.js';
import { EngineDriver, REAL_TIME, type DeliveryPace } from './driver.js';
import { createEngine } from './engine/create.js';
import { createIndependentEngine } from './engine/independent.js';
import type { Engine, EngineConfig } from './engine/types.js';
import type { ReplyCounters } from './http/reply.js';
import type { MetricsPages } from './http/metrics-pages.js';
import { DIALECT_PAGES, type Dialect } from './metrics/dialects.js';
import { renderDcgm } from './metrics/dcgm.js';
import { advanceGpu, idleGpu, type GpuState } from './metrics/gpu.js';
import { WorkerSampler } from './metrics/sampler.js';
import type { MetricsView, WorkerView } from './metrics/view.js';
import type { Profile } from './profiles/profile.js';

/**
 * `burst`: engines with continuous batching; a step's tokens for all sequences are written together.
 * `independent`: every stream ticks by itself with constant times; no slots, no queue.
 */
export const SIMULATOR_MODES = ['burst', 'independent'] as const;
export type SimulatorMode = (typeof SIMULATOR_MODES)[number];

export interface SimulationPlan {
  /** With its overrides. */
  profile: Profile;
  mode: SimulatorMode;
  seed: number;
  /** The last worker takes this many times as long; 1: like the others. */
  slowWorker: number;
  dialect: Dialect;
}

/** What DCGM calls its collection interval. */
const SAMPLE_SECONDS = 1;

/** An engine, what moves it and what is read off it. A restart replaces the engine, as it would the server's process. */
export class Simulation implements MetricsPages {
  readonly driver: EngineDriver;
  readonly counters: ReplyCounters = { tokensWritten: 0, finished: 0, aborted: 0, faults: 0 };
  readonly dialect: Dialect;
  private current: Engine;
  private started: number;
  private readonly sampler = new WorkerSampler();
  private gpus: GpuState[];
  private sampling: Timer | null = null;

  /** @throws RangeError on impossible limits */
  constructor(
    private readonly plan: SimulationPlan,
    private readonly clock: Clock,
    private readonly pace: DeliveryPace = REAL_TIME,
  ) {
    this.dialect = plan.dialect;
    this.current = engineOf(plan);
    this.started = clock.epoch();
    this.driver = new EngineDriver(this.current, clock, pace);
    const { accelerator } = plan.profile;
    this.gpus =
      accelerator === null || plan.mode !== 'burst' ? [] : this.current.workers.map(() => idleGpu(accelerator));
  }

  /** Begins to read the sensors each second. */
  start(): void {
    this.sample();
    this.sampling = every(this.clock, SAMPLE_SECONDS, () => this.sample());
  }

  get engine(): Engine {
    return this.current;
  }

  /** Epoch seconds. */
  get startedAt(): number {
    return this.started;
  }

  /** All counters at 0, the KV cache empty, the requests under way lost. */
  restart(): void {
    this.current = engineOf(this.plan);
    this.started = this.clock.epoch();
    this.sampler.reset();
    this.driver.replace(this.current);
  }

  stop(): void {
    this.sampling?.cancel();
    this.driver.stop();
  }

  view(): MetricsView {
    const { profile } = this.plan;
    const [first, ...others] = this.current.workers.map((_, index) => this.worker(index));
    return {
      model: profile.model,
      maxModelLen: profile.maxModelLen,
      startedAt: this.started,
      now: this.clock.epoch(),
      workers: [first!, ...others],
      own: {
        lag: this.driver.lag,
        counters: this.counters,
        cpuSeconds: this.pace === REAL_TIME ? processCpuSeconds : null,
      },
    };
  }

  dcgm(): string | null {
    const { accelerator } = this.plan.profile;
    return accelerator === null || this.gpus.length === 0 ? null : renderDcgm(this.gpus, accelerator);
  }

  private worker(index: number): WorkerView {
    const worker = this.current.workers[index]!;
    const config: EngineConfig = this.plan.profile.engine;
    const sample = this.sampler.latest[index] ?? null;
    return { index, load: worker.load(), statistics: worker.statistics, config, sample };
  }

  private sample(): void {
    const samples = this.sampler.sample(this.current.workers, this.clock.now());
    const { accelerator } = this.plan.profile;
    if (accelerator === null || samples.length === 0) return;
    this.gpus = this.gpus.map((gpu, index) => advanceGpu(gpu, accelerator, samples[index]!));
  }
}

/** The engine that a plan asks for, idle. @throws RangeError on impossible limits */
export function engineOf({ profile, mode, seed, slowWorker, dialect }: SimulationPlan): Engine {
  const { edges } = DIALECT_PAGES[dialect];
  if (mode === 'independent') return createIndependentEngine(profile.independent, profile.maxModelLen, edges);
  return createEngine({ ...deploymentOf(profile, slowWorker), edges }, seed);
}

function processCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
