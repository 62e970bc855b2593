import { WorkloadError } from './workload-error.js';

/** How a server counts a made-up prompt: prompt tokens = overheadTokens + tokensPerWord · words. */
export interface PromptCalibration {
  tokensPerWord: number;
  /** Tokens of the chat template around the words. */
  overheadTokens: number;
}

/** What a server said about one prompt of `calibrationPrompt`. */
export interface CalibrationSample {
  words: number;
  promptTokens: number;
}

/** Taken when nothing was measured: one token a word (`words.ts`), no template. */
export const UNCALIBRATED: PromptCalibration = { tokensPerWord: 1, overheadTokens: 0 };

/**
 * The line through the samples, by least squares: with two samples exactly. Samples of one length only can't tell words
 * from template: then a word is taken as one token, or as less when there are fewer tokens than words.
 * @throws WorkloadError for no sample, or samples that no tokenizer gives
 */
export function calibrate(samples: readonly CalibrationSample[]): PromptCalibration {
  const valid = samples.every((sample) => sample.words >= 1 && sample.promptTokens >= 1);
  if (samples.length === 0 || !valid) throw unusable(samples);
  const words = mean(samples.map((sample) => sample.words));
  const tokens = mean(samples.map((sample) => sample.promptTokens));
  let square = 0;
  let product = 0;
  for (const sample of samples) {
    square += (sample.words - words) ** 2;
    product += (sample.words - words) * (sample.promptTokens - tokens);
  }
  const tokensPerWord = square === 0 ? Math.min(1, tokens / words) : product / square;
  if (!(tokensPerWord > 0) || !Number.isFinite(tokensPerWord)) throw unusable(samples);
  return { tokensPerWord, overheadTokens: Math.max(0, tokens - tokensPerWord * words) };
}

/** Words that make a prompt of about `promptTokens` tokens, at least 1. */
export function wordsFor(promptTokens: number, calibration: PromptCalibration): number {
  return Math.max(1, Math.round((promptTokens - calibration.overheadTokens) / calibration.tokensPerWord));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function unusable(samples: readonly CalibrationSample[]): WorkloadError {
  const seen = samples.map((sample) => `${sample.words} words = ${sample.promptTokens} tokens`).join(', ');
  return new WorkloadError(
    'workload.inputTokens',
    `prompt lengths can't be calibrated from ${seen || 'no sample'}`,
    'check that the server counts prompt tokens in `usage` or at /tokenize',
  );
}
