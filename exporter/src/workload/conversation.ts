import type { WorkloadSpec } from '../config/spec.js';
import { Dialogue } from './dialogue.js';
import { askForFollowUp, followUpMessages } from './follow-up.js';
import { draw, hashKey, randomOf } from './random.js';
import { salted } from './salt.js';
import type { Conversation, ConversationKey, Workload } from './types.js';

export type ConversationSpec = Extract<WorkloadSpec, { kind: 'conversation' }>;

/** Asked after the starter passage, in every conversation. */
export const FIRST_QUESTION = 'Explain the key ideas of the text above, and how each follows from the others.';

/**
 * People talking with an assistant about a long text: system prompt, starter and first question, then follow-ups, with
 * the real answers resent. `starters` are the texts as cut by `cutStarters`, at least one.
 *
 * With `salt: conversation` the system prompt begins with seven words that no other conversation of the sweep has, so
 * that nothing is found in a prefix cache but the conversation's own past; with `none` conversations with the same
 * starter share everything up to the first answer.
 */
export function conversationWorkload(spec: ConversationSpec, starters: readonly string[]): Workload {
  const openings = starters.map((starter) => `${starter}\n\n${FIRST_QUESTION}`);
  return {
    meanTurns: (spec.turns.min + spec.turns.max) / 2,
    needsAnswers: spec.turns.max > 1,
    conversation: (key) => converse(spec, openings, key),
  };
}

function converse(spec: ConversationSpec, openings: readonly string[], key: ConversationKey): Conversation {
  const hash = hashKey(spec.seed, key);
  const opening = openings[randomOf(hash, 'starter').below(openings.length)]!;
  const turns = spec.turns.min + randomOf(hash, 'turns').below(spec.turns.max - spec.turns.min + 1);
  const followUp = followUpMessages(spec.followUp, randomOf(hash, 'follow-up'));
  const thinking = randomOf(hash, 'think');
  const think = Array.from({ length: turns - 1 }, () => draw(spec.thinkTime, thinking));
  return new Dialogue({
    turns,
    system: spec.salt === 'conversation' ? salted(hash, spec.systemPrompt) : spec.systemPrompt,
    ignoreEos: false,
    userMessage: (turn) => (turn === 1 ? opening : followUp(turn)),
    maxTokens: () => spec.outputTokens,
    thinkSeconds: (turn) => think[turn - 2]!,
    askUser: (turn, lastMessage, lastAnswer) =>
      askForFollowUp(spec.followUp, turn === 2 ? FIRST_QUESTION : lastMessage, lastAnswer),
  });
}
