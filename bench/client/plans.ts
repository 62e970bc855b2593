import type { CpuPlan } from './cpu-per-chunk.js';
import type { ErrorPlan } from './error-at-rate.js';
import type { MemoryPlan } from './memory-per-stream.js';
import type { Patience } from './window.js';

export const PARTS = ['cpu', 'error', 'memory'] as const;
export type Part = (typeof PARTS)[number];

/** Filled in by who runs the plan. */
type GivenLater = 'patience' | 'clientNode' | 'say';

export interface Plan {
  patience: Patience;
  cpu: Omit<CpuPlan, GivenLater>;
  errors: Omit<ErrorPlan, GivenLater>[];
  memory: Omit<MemoryPlan, 'say'>;
}

/** About six minutes, and up to 100 s more on a busy machine. */
export const FULL: Plan = {
  patience: { seconds: 100 },
  cpu: { streams: [300, 1000], rounds: 2, settleSeconds: 4, windowSeconds: 8 },
  errors: [
    { timing: 'independent', users: [100, 200, 400, 800, 1000], settleSeconds: 5, windowSeconds: 10 },
    { timing: 'burst', users: [100, 400, 800, 1000], settleSeconds: 5, windowSeconds: 10 },
  ],
  memory: { streams: 5000, itlSeconds: 1, rampSeconds: 12, holdSeconds: 8 },
};

/** About a minute: to see at once that something broke. */
export const QUICK: Plan = {
  patience: { seconds: 0 },
  cpu: { streams: [300], rounds: 1, settleSeconds: 2, windowSeconds: 4 },
  errors: [
    { timing: 'independent', users: [400], settleSeconds: 2, windowSeconds: 5 },
    { timing: 'burst', users: [400], settleSeconds: 2, windowSeconds: 5 },
  ],
  memory: { streams: 5000, itlSeconds: 0.5, rampSeconds: 8, holdSeconds: 4 },
};
