import type { WorkloadSpec } from '../config/spec.js';
import { wordsFor } from './calibration.js';
import type { PromptCalibration } from './calibration.js';
import { singleTurn } from './dialogue.js';
import { drawCount, hashKey, hashSeed, randomOf } from './random.js';
import type { Random } from './random.js';
import { saltWords } from './salt.js';
import type { Workload } from './types.js';
import { WORDS } from './words.js';

export type SyntheticSpec = Extract<WorkloadSpec, { kind: 'synthetic' }>;

/**
 * Single questions of random words with drawn prompt and output lengths. A prompt's first seven words belong to its
 * conversation alone, so that no prompt of a sweep is found in a prefix cache.
 */
export function syntheticWorkload(spec: SyntheticSpec, calibration: PromptCalibration): Workload {
  return {
    meanTurns: 1,
    needsAnswers: false,
    conversation: (key) => {
      const hash = hashKey(spec.seed, key);
      const inputTokens = drawCount(spec.inputTokens, randomOf(hash, 'input'));
      const outputTokens = drawCount(spec.outputTokens, randomOf(hash, 'output'));
      const prompt = sentence(saltWords(hash), wordsFor(inputTokens, calibration), randomOf(hash, 'words'));
      return singleTurn(prompt, outputTokens, spec.ignoreEos);
    },
  };
}

/** A prompt of that many words for measuring how the server counts; begins like no prompt of the sweep. */
export function calibrationPrompt(seed: number, words: number): string {
  return sentence([], words, randomOf(hashSeed(seed), `calibration ${words}`));
}

function sentence(first: readonly string[], words: number, random: Random): string {
  const chosen = first.slice(0, words);
  while (chosen.length < words) chosen.push(WORDS[random.below(WORDS.length)]!);
  return chosen.join(' ');
}
