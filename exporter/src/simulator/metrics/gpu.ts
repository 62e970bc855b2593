import type { Accelerator } from '../profiles/profile.js';
import type { WorkerSample } from './sampler.js';

/** What one simulated GPU's sensors read. Shares are 0–1. */
export interface GpuState {
  /** Time during which any kernel ran. */
  busy: number;
  /** Memory bandwidth used. */
  dramActive: number;
  /** Tensor cores' arithmetic used. */
  tensorActive: number;
  watts: number;
  /** Since the simulator began. */
  joules: number;
  celsius: number;
}

const ROOM_CELSIUS = 30;
/** At full power, in the end. */
const HEATING_CELSIUS = 45;
const HEATING_SECONDS = 20;
/** Shares of the power between idle and full that busy clocks, full bandwidth and full arithmetic take; cut at 1. */
const POWER = { busy: 0.2, dram: 0.4, tensor: 0.7 };

export function idleGpu({ idleWatts, maxWatts }: Accelerator): GpuState {
  const celsius = ROOM_CELSIUS + (HEATING_CELSIUS * idleWatts) / maxWatts;
  return { busy: 0, dramActive: 0, tensorActive: 0, watts: idleWatts, joules: 0, celsius };
}

/**
 * The sensors after one more sample: bytes and arithmetic of the steps against what the accelerator can do, power from
 * both, temperature following power with a delay.
 */
export function advanceGpu(state: GpuState, gpu: Accelerator, sample: WorkerSample): GpuState {
  const { seconds } = sample;
  const { weightBytes, kvBytesPerToken, flopsPerToken } = gpu.model;
  const bytes = sample.steps * weightBytes + sample.contextTokens * kvBytesPerToken;
  const busy = share(sample.busySeconds / seconds);
  const dramActive = share(bytes / (gpu.bandwidthBytesPerSecond * seconds));
  const tensorActive = share((sample.computedTokens * flopsPerToken) / (gpu.flopsPerSecond * seconds));
  const effort = share(POWER.busy * busy + POWER.dram * dramActive + POWER.tensor * tensorActive);
  const watts = gpu.idleWatts + (gpu.maxWatts - gpu.idleWatts) * effort;
  const target = ROOM_CELSIUS + (HEATING_CELSIUS * watts) / gpu.maxWatts;
  const celsius = target + (state.celsius - target) * Math.exp(-seconds / HEATING_SECONDS);
  return { busy, dramActive, tensorActive, watts, joules: state.joules + watts * seconds, celsius };
}

function share(value: number): number {
  return Math.max(0, Math.min(1, value));
}
