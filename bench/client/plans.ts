import type { CpuPlan } from './cpu-per-chunk.js';
import type { ErrorPlan } from './error-at-rate.js';
import type { MemoryPlan } from './memory-per-stream.js';

export const PARTS = ['cpu', 'error', 'memory'] as const;
export type Part = (typeof PARTS)[number];

export interface Plan {
  cpu: Omit<CpuPlan, 'clientNode' | 'say'>;
  errors: Omit<ErrorPlan, 'clientNode' | 'say'>[];
  memory: Omit<MemoryPlan, 'say'>;
}

/** About six minutes. */
export const FULL: Plan = {
  cpu: { streams: [300, 1000], rounds: 2, settleSeconds: 4, windowSeconds: 8 },
  errors: [
    { timing: 'independent', users: [100, 200, 400, 800, 1000], settleSeconds: 5, windowSeconds: 10 },
    { timing: 'burst', users: [100, 400, 800, 1000], settleSeconds: 5, windowSeconds: 10 },
  ],
  memory: { streams: 5000, itlSeconds: 1, rampSeconds: 12, holdSeconds: 8 },
};

/** About a minute: to see at once that something broke. */
export const QUICK: Plan = {
  cpu: { streams: [300], rounds: 1, settleSeconds: 2, windowSeconds: 4 },
  errors: [
    { timing: 'independent', users: [400], settleSeconds: 2, windowSeconds: 5 },
    { timing: 'burst', users: [400], settleSeconds: 2, windowSeconds: 5 },
  ],
  memory: { streams: 5000, itlSeconds: 0.5, rampSeconds: 8, holdSeconds: 4 },
};
