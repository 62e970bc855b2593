import type { WorkloadSpec } from '../config/spec.js';
import { singleTurn } from './dialogue.js';
import type { Workload } from './types.js';

export type PromptSpec = Extract<WorkloadSpec, { kind: 'prompt' }>;

/** One fixed prompt, the same in every request: cache-hot on purpose. */
export function promptWorkload(spec: PromptSpec): Workload {
  return {
    meanTurns: 1,
    needsAnswers: false,
    conversation: () => singleTurn(spec.prompt, spec.outputTokens, false),
  };
}
