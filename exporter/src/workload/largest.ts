import type { WorkloadSpec } from '../config/spec.js';
import type { WorkloadData } from './build.js';
import { FIRST_QUESTION } from './conversation.js';
import type { ConversationSpec } from './conversation.js';
import type { DatasetSpec } from './dataset-file.js';
import type { DatasetEntry } from './dataset-format.js';
import { recordedTokens } from './dataset.js';
import { largestOf } from './distribution.js';
import { largestFollowUpTokens } from './follow-up.js';

const CHARACTERS_PER_TOKEN = 4;
/** What chat templates put around a message, about. */
const TEMPLATE_TOKENS = 5;
const SALT_TOKENS = 10;

/** The request that needs most of a model's context. Estimates, in tokens. */
export interface LargestRequest {
  promptTokens: number;
  /** Upper limit of the output of the same request; a server wants room for both. */
  outputTokens: number;
}

/**
 * Estimate of the request that needs most context: a conversation's last turn, with every answer at full length. To be
 * held against the server's `max_model_len`; answers that end early make real ones shorter.
 */
export function largestRequest(spec: WorkloadSpec, data: WorkloadData): LargestRequest {
  switch (spec.kind) {
    case 'conversation':
      return largestOfConversation(spec);
    case 'synthetic':
      return { promptTokens: largestOf(spec.inputTokens), outputTokens: largestOf(spec.outputTokens) };
    case 'prompt':
      return { promptTokens: messageTokens(spec.prompt), outputTokens: spec.outputTokens };
    case 'dataset':
      return largestOfDataset(spec, data.kind === 'dataset' ? data.dataset.entries : []);
  }
}

/** Estimate of the longest prompt, in tokens, without the room for its answer. */
export function largestPromptTokens(spec: WorkloadSpec, data: WorkloadData): number {
  return largestRequest(spec, data).promptTokens;
}

function messageTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN) + TEMPLATE_TOKENS;
}

function largestOfConversation(spec: ConversationSpec): LargestRequest {
  const salt = spec.salt === 'conversation' ? SALT_TOKENS : 0;
  const opening = messageTokens(spec.systemPrompt) + salt + spec.starters.tokens + messageTokens(FIRST_QUESTION);
  const perTurn = spec.outputTokens + largestFollowUpTokens(spec.followUp) + 2 * TEMPLATE_TOKENS;
  return { promptTokens: opening + (spec.turns.max - 1) * perTurn, outputTokens: spec.outputTokens };
}

function largestOfDataset(spec: DatasetSpec, entries: readonly DatasetEntry[]): LargestRequest {
  let largest: LargestRequest = { promptTokens: 0, outputTokens: 0 };
  for (const entry of entries) {
    let promptTokens = entry.system === null ? 0 : messageTokens(entry.system);
    if (spec.salt === 'conversation') promptTokens += SALT_TOKENS;
    entry.questions.forEach((question, index) => {
      const outputTokens = spec.outputTokens ?? recordedTokens(entry, index + 1);
      promptTokens += messageTokens(question);
      const size = promptTokens + outputTokens;
      if (size > largest.promptTokens + largest.outputTokens) largest = { promptTokens, outputTokens };
      promptTokens += outputTokens + TEMPLATE_TOKENS;
    });
  }
  return largest;
}
