import type { Dataset, DatasetSpec } from './dataset-file.js';
import type { DatasetEntry } from './dataset-format.js';
import { Dialogue } from './dialogue.js';
import { conversationNumber } from './key-layout.js';
import type { KeyLayout } from './key-layout.js';
import { hashKey, hashSeed, permutation, randomOf } from './random.js';
import { salted } from './salt.js';
import type { ConversationKey, Workload } from './types.js';

const CHARACTERS_PER_TOKEN = 4;
const LEAST_OUTPUT_TOKENS = 16;

/**
 * Recorded conversations, asked again: the user's turns in order, with the answers of the server under test as history.
 * Entries are taken in a seeded order; with a layout, no two conversations of it take the same entry while unused ones
 * are left; without one, entries are drawn.
 *
 * With `salt: conversation` the first message begins with seven words of the conversation's own.
 */
export function datasetWorkload(spec: DatasetSpec, dataset: Dataset, layout: KeyLayout | null): Workload {
  const { entries } = dataset;
  const order = permutation(entries.length, randomOf(hashSeed(spec.seed), 'order'));
  const place = (key: ConversationKey): number =>
    layout === null
      ? randomOf(hashKey(spec.seed, key), 'entry').below(entries.length)
      : conversationNumber(layout, key) % entries.length;
  return {
    meanTurns: meanDatasetTurns(dataset),
    needsAnswers: entries.some((entry) => entry.questions.length > 1),
    conversation: (key) => replay(spec, entries[order[place(key)]!]!, key),
  };
}

function replay(spec: DatasetSpec, entry: DatasetEntry, key: ConversationKey): Dialogue {
  const salt = (text: string): string => (spec.salt === 'conversation' ? salted(hashKey(spec.seed, key), text) : text);
  const first = entry.system === null ? salt(entry.questions[0]!) : entry.questions[0]!;
  return new Dialogue({
    turns: entry.questions.length,
    system: entry.system === null ? null : salt(entry.system),
    ignoreEos: false,
    userMessage: (turn) => (turn === 1 ? first : entry.questions[turn - 1]!),
    maxTokens: (turn) => spec.outputTokens ?? recordedTokens(entry, turn),
    thinkSeconds: () => 0,
    askUser: () => null,
  });
}

/** Tokens of the recorded answer, at 4 characters a token, at least 16. */
export function recordedTokens(entry: DatasetEntry, turn: number): number {
  const characters = entry.answerCharacters[turn - 1] ?? 0;
  return Math.max(LEAST_OUTPUT_TOKENS, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

/** Mean number of turns of the entries. */
export function meanDatasetTurns(dataset: Dataset): number {
  return dataset.entries.reduce((sum, entry) => sum + entry.questions.length, 0) / dataset.entries.length;
}
