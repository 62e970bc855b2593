import type { WorkloadSpec } from '../config/spec.js';
import { UNCALIBRATED } from './calibration.js';
import type { PromptCalibration } from './calibration.js';
import { conversationWorkload } from './conversation.js';
import { loadDataset } from './dataset-file.js';
import type { Dataset } from './dataset-file.js';
import { datasetWorkload, meanDatasetTurns } from './dataset.js';
import type { KeyLayout } from './key-layout.js';
import { promptWorkload } from './prompt.js';
import { CHARACTERS_PER_TOKEN, cutStarters, loadPassages } from './starters.js';
import { syntheticWorkload } from './synthetic.js';
import type { Workload } from './types.js';

/** What a workload needs from files. Structured-clonable: the main thread loads it, the workers get copies. */
export type WorkloadData =
  | { kind: 'conversation'; passages: readonly string[] }
  | { kind: 'synthetic' }
  | { kind: 'prompt' }
  | { kind: 'dataset'; dataset: Dataset };

/** All that a workload is made of beside its spec. Structured-clonable. */
export interface WorkloadPlan {
  data: WorkloadData;
  /** Synthetic prompts: how the server counts words; null: one token a word. */
  calibration: PromptCalibration | null;
  /** Starters: characters a token of the served model; null: `CHARACTERS_PER_TOKEN`. */
  charactersPerToken: number | null;
  /** Datasets: which conversations there will be, so that none takes another's entry; null: entries are drawn. */
  layout: KeyLayout | null;
}

/**
 * Reads what the workload needs from files; the only part of a workload that does.
 * @throws WorkloadError when a file is missing or wrong
 */
export function loadWorkloadData(spec: WorkloadSpec): WorkloadData {
  switch (spec.kind) {
    case 'conversation':
      return { kind: 'conversation', passages: loadPassages() };
    case 'dataset':
      return { kind: 'dataset', dataset: loadDataset(spec) };
    case 'synthetic':
    case 'prompt':
      return { kind: spec.kind };
  }
}

/**
 * Makes the workload: pure, so that every thread gets the same one from the same spec and plan.
 * @throws WorkloadError when more starters are asked for than there are
 */
export function buildWorkload(spec: WorkloadSpec, plan: WorkloadPlan): Workload {
  const { data } = plan;
  switch (spec.kind) {
    case 'conversation': {
      if (data.kind !== 'conversation') throw mismatch(spec, data);
      const charactersPerToken = plan.charactersPerToken ?? CHARACTERS_PER_TOKEN;
      return conversationWorkload(spec, cutStarters(data.passages, spec.starters, charactersPerToken));
    }
    case 'synthetic':
      return syntheticWorkload(spec, plan.calibration ?? UNCALIBRATED);
    case 'prompt':
      return promptWorkload(spec);
    case 'dataset':
      if (data.kind !== 'dataset') throw mismatch(spec, data);
      return datasetWorkload(spec, data.dataset, plan.layout);
  }
}

/** Mean number of turns of a conversation, without building the workload. */
export function meanConversationTurns(spec: WorkloadSpec, data: WorkloadData): number {
  if (spec.kind === 'conversation') return (spec.turns.min + spec.turns.max) / 2;
  return data.kind === 'dataset' ? meanDatasetTurns(data.dataset) : 1;
}

function mismatch(spec: WorkloadSpec, data: WorkloadData): Error {
  return new Error(`a ${spec.kind} workload can't be built from the data of a ${data.kind} workload`);
}
