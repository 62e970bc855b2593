import { createBatchingEngine } from './batching.js';
import { createGatedEngine } from './gate.js';
import { createRouterEngine } from './router.js';
import type { Deployment, Engine, EngineConfig } from './types.js';

/**
 * The engine of a whole deployment, idle. Equal deployments, seeds and calls give equal events.
 * @throws RangeError on limits that would make a request wait for ever, or without a worker.
 */
export function createEngine(deployment: Deployment, seed: number): Engine {
  const { workers, routing, admitted, maxModelLen, edges } = deployment;
  const [first, ...others] = workers.map((config, index) =>
    createBatchingEngine(config, maxModelLen, workerSeed(seed, index), edges),
  );
  if (first === undefined) throw new RangeError('a deployment needs at least one worker');
  const engine = others.length === 0 ? first : createRouterEngine([first, ...others], routing);
  return admitted === Infinity ? engine : createGatedEngine(engine, admitted);
}

/** The same worker with everything that its accelerator does taking `factor` times as long. */
export function slowWorker(config: EngineConfig, factor: number): EngineConfig {
  if (!(factor > 0)) throw new RangeError(`a worker can be slower by a factor above 0, got ${factor}`);
  const { stepCost, speculation } = config;
  return {
    ...config,
    stepCost: {
      baseSeconds: stepCost.baseSeconds * factor,
      perSequenceSeconds: stepCost.perSequenceSeconds * factor,
      perPrefillTokenSeconds: stepCost.perPrefillTokenSeconds * factor,
      perKvTokenSeconds: stepCost.perKvTokenSeconds * factor,
      noiseRatio: stepCost.noiseRatio,
    },
    speculation: speculation && {
      ...speculation,
      perDraftSeconds: speculation.perDraftSeconds * factor,
      perSequenceSeconds: speculation.perSequenceSeconds * factor,
    },
  };
}

/** Workers of one deployment must not make the same noise; the first one's is that of the seed itself. */
function workerSeed(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e3779b1)) >>> 0;
}
