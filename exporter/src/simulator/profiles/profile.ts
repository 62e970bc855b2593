import type { IndependentTiming } from '../engine/independent.js';
import type { EngineConfig, Routing } from '../engine/types.js';

/** A worker's accelerator and what its model asks of it: what DCGM-like metrics are computed from. */
export interface Accelerator {
  /** As the driver names it. */
  name: string;
  memoryBytes: number;
  /** Share of the memory that the server reserves at start, whatever its load. */
  reservedRatio: number;
  bandwidthBytesPerSecond: number;
  /** Dense arithmetic of the tensor cores in the model's number format. */
  flopsPerSecond: number;
  idleWatts: number;
  maxWatts: number;
  smClockMhz: number;
  model: ModelSize;
}

export interface ModelSize {
  /** Read once a step. */
  weightBytes: number;
  /** Keys and values of one token, all layers. */
  kvBytesPerToken: number;
  /** Arithmetic of one token: about 2 × parameters. */
  flopsPerToken: number;
}

/** A server that the simulator can pretend to be. */
export interface Profile {
  name: string;
  /** One line for people. */
  description: string;
  /** The name it is served under. */
  model: string;
  maxModelLen: number;
  /** Each worker. */
  engine: EngineConfig;
  workers: number;
  routing: Routing;
  /** Requests that something before the workers lets through at once; see `Deployment`. */
  admitted: number;
  /** null: no physics, hence no GPU metrics. */
  accelerator: Accelerator | null;
  /** Timing in mode `independent`. */
  independent: IndependentTiming;
  /** Length of an answer that ends by itself: lognormal tokens. */
  answer: { medianTokens: number; sigma: number };
}
