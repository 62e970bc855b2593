import type { TelemetryFigures } from '../measure/telemetry-figures.js';
import { sayNumber, sayShare, sayTime } from './in-words.js';
import type { NamedCause } from './run-analysis.js';

/** Prefill must make up this share of the server's TTFT, and have grown by this factor since the lowest level. */
const PREFILL = { share: 0.5, growth: 1.5 };
/** From this mean utilisation on the GPU is busy all the time. */
const BUSY = 0.95;
/** From this on the memory interface is what is busy, when the tensor cores are not. */
const DRAM_ACTIVE = 0.6;
const DRAM_OVER_TENSOR = 1.5;

/** Prompts compete for steps: nothing waits, but the way from being scheduled to the first token has become long. */
export function prefillCause(here: TelemetryFigures, lowest: TelemetryFigures | null): NamedCause[] {
  if (lowest === null) return [];
  const [now, before] = [prefillSeconds(here), prefillSeconds(lowest)];
  if (!(now >= PREFILL.share * here.ttftSeconds && now >= PREFILL.growth * before)) return [];
  const tokens = Number.isNaN(here.promptTokensPerSecond)
    ? ''
    : ` at ${sayNumber(here.promptTokensPerSecond - known(here.cachedTokensPerSecond))} prompt tokens/s to compute`;
  const text =
    `prefill: ${sayTime(now)} of the server's TTFT of ${sayTime(here.ttftSeconds)}, ` +
    `${sayTime(before)} at the lowest level,${tokens === '' ? '' : `${tokens},`} and nothing waits`;
  return [{ cause: 'prefill', text }];
}

/** As told, else what of TTFT is not queue. */
function prefillSeconds({ prefillSeconds: told, ttftSeconds, queueSeconds }: TelemetryFigures): number {
  return Number.isNaN(told) ? ttftSeconds - queueSeconds : told;
}

const known = (value: number): number => (Number.isNaN(value) ? 0 : value);

/** The GPU itself is the limit: its memory's bandwidth, or its cores. A healthy saturation. */
export function boundCauses(figures: TelemetryFigures): NamedCause[] {
  const { gpuUtilization, gpuDramActive, gpuTensorActive, kvUsage, waitingShare } = figures;
  if (!(gpuUtilization.mean >= BUSY)) return [];
  const rest = [
    Number.isNaN(kvUsage.peak) ? '' : `KV cache up to ${sayShare(kvUsage.peak)}`,
    waitingShare === 0 ? 'nothing waiting' : '',
  ].filter((part) => part !== '');
  const state = [`GPU at ${sayShare(gpuUtilization.mean)}`, ...rest].join(', ');
  const dram = gpuDramActive.mean;
  const tensor = gpuTensorActive.mean;
  if (dram >= DRAM_ACTIVE && !(dram < DRAM_OVER_TENSOR * tensor)) {
    const cores = Number.isNaN(tensor) ? '' : `, tensor cores ${sayShare(tensor)}`;
    const text = `memory-bound, healthy saturation: ${state}; memory interface active ${sayShare(dram)}${cores}`;
    return [{ cause: 'memory_bound', text }];
  }
  const cores = Number.isNaN(tensor) ? '' : `; tensor cores active ${sayShare(tensor)}`;
  return [{ cause: 'compute_bound', text: `compute-bound, healthy saturation: ${state}${cores}` }];
}
