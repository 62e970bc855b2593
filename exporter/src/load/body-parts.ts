import type { Clock } from '../clock/clock.js';
import type { Target } from '../target/types.js';
import { buildWorkload } from '../workload/build.js';
import { hashSeed, randomOf } from '../workload/random.js';
import type { LoadBodyParts } from './load-body.js';
import { limitRequests } from './request-limits.js';
import type { WorkerSetup } from './worker-setup.js';

/** What the body of a load worker is made of, whether it runs in a thread or inline. */
export function loadBodyParts(
  { plan, workload, workloadPlan, limits }: Pick<WorkerSetup, 'plan' | 'workload' | 'workloadPlan' | 'limits'>,
  clock: Clock,
  target: Target,
  followUpTarget: Target | null,
): Omit<LoadBodyParts, 'post'> {
  const random = randomOf(hashSeed(plan.seed), `load-${plan.worker}`);
  return {
    clock,
    target,
    followUpTarget,
    workload: limitRequests(buildWorkload(workload, workloadPlan), limits),
    plan,
    random: () => random.next(),
  };
}
