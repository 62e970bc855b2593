import type { EngineState } from './batching-state.js';
import { noiseFactor } from './random.js';
import { observe } from './statistics.js';

/** Time of the planned step in seconds; 0 when nothing is planned. Also counts its tokens. */
export function costStep(state: EngineState): number {
  const { stepCost, speculation } = state.config;
  let decodes = 0;
  let prefillTokens = 0;
  let drafts = 0;
  let drafting = 0;
  let longestDraft = 0;
  let contextTokens = 0;
  for (const sequence of state.running) {
    const { planned } = sequence;
    if (planned === 0) continue;
    if (sequence.drafts > 0) {
      decodes++;
      drafting++;
      drafts += sequence.drafts;
      if (sequence.drafts > longestDraft) longestDraft = sequence.drafts;
    } else if (planned === 1) decodes++;
    else prefillTokens += planned;
    contextTokens += sequence.computed;
  }
  const tokens = decodes + prefillTokens + drafts;
  if (tokens === 0) return 0;
  observe(state.statistics.iterationTokens, tokens);
  let mean =
    stepCost.baseSeconds +
    stepCost.perSequenceSeconds * decodes +
    stepCost.perPrefillTokenSeconds * (prefillTokens + drafts) +
    stepCost.perKvTokenSeconds * contextTokens;
  if (speculation !== null) {
    mean += speculation.perDraftSeconds * longestDraft + speculation.perSequenceSeconds * drafting;
  }
  const seconds = mean * noiseFactor(state.random, stepCost.noiseRatio);
  const { work } = state.statistics;
  work.steps++;
  work.busySeconds += seconds;
  work.computedTokens += tokens;
  work.contextTokens += contextTokens;
  return seconds;
}
