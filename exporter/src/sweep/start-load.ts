import type { SweepSpec } from '../config/spec.js';
import { ThreadedLoad } from '../load/threaded-load.js';
import type { Load, LoadListener, LoadPlan } from '../load/types.js';
import type { WorkerSetup } from '../load/worker-setup.js';
import type { Environment } from '../target/secrets.js';
import type { PreparedTarget } from './prepare.js';
import { followUpSettings } from './target-settings.js';

export interface LoadStart {
  spec: SweepSpec;
  prepared: PreparedTarget;
  env: Environment;
  originSeconds: number;
  requestPrefix: string;
  /** How often the run was resumed. */
  segment: number;
  workers: number;
}

/** Starts the load threads of a run; they wait for their first level. */
export function startThreads(start: LoadStart, listener: LoadListener): Load {
  const setups = Array.from({ length: start.workers }, (_, worker) => workerSetup(start, worker));
  return new ThreadedLoad(setups, listener);
}

/** All that one load worker is started with. */
export function workerSetup(
  { spec, prepared, env, originSeconds, requestPrefix, segment, workers }: LoadStart,
  worker: number,
): WorkerSetup {
  const { workload, load, request } = spec;
  const plan: LoadPlan = {
    requestPrefix,
    originSeconds,
    arrival: load.arrival,
    burstiness: load.burstiness,
    targetRate: load.targetRate,
    maxInFlight: load.maxInFlight,
    seed: workload.seed,
    segment,
    worker,
    workers,
  };
  const followUp = workload.kind === 'conversation' && workload.followUp.kind === 'model' ? workload.followUp : null;
  return {
    plan,
    workload,
    limits: { maxTokens: request.maxTokens, ignoreEos: request.ignoreEos },
    workloadPlan: prepared.workloadPlan,
    target: prepared.settings,
    followUpTarget: followUp === null ? null : followUpSettings(followUp, env),
  };
}
