import type { WorkloadSpec } from '../config/spec.js';
import type { HttpTargetConfig } from '../target/http-config.js';
import type { WorkloadPlan } from '../workload/build.js';
import type { RequestLimits } from './request-limits.js';
import type { LoadPlan } from './types.js';

/** All that a load thread is started with; structured-clonable. */
export interface WorkerSetup {
  plan: LoadPlan;
  workload: WorkloadSpec;
  workloadPlan: WorkloadPlan;
  limits: RequestLimits;
  target: HttpTargetConfig;
  /** The second "user" model; null where the workload needs none. */
  followUpTarget: HttpTargetConfig | null;
}
