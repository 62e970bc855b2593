import type { FollowUp } from '../config/spec.js';
import type { Random } from './random.js';
import type { TurnRequest } from './types.js';

/** Characters of the last answer that the second model is shown: the end, where the thread is. */
const SHOWN_CHARACTERS = 6000;

/** The user's message of a turn after the first, or null when the second model writes it. */
export type FollowUpMessage = (turn: number) => string | null;

/**
 * How one conversation goes on. Templates begin at a seeded place and rotate from there, so that none comes twice before
 * all have come.
 */
export function followUpMessages(followUp: FollowUp, random: Random): FollowUpMessage {
  switch (followUp.kind) {
    case 'fixed':
      return () => followUp.text;
    case 'template': {
      const first = random.below(followUp.templates.length);
      return (turn) => followUp.templates[(first + turn - 2) % followUp.templates.length]!;
    }
    case 'model':
      return () => null;
  }
}

/** What the second model is asked: to speak as the user after the last answer. */
export function askForFollowUp(followUp: FollowUp, lastMessage: string, lastAnswer: string): TurnRequest | null {
  if (followUp.kind !== 'model') return null;
  const instruction =
    'You play the user of a chat assistant. You are shown what you said last and what the assistant answered. ' +
    'Write your next message: one short question that follows from the answer. Write the question only.';
  const shown = `You said:\n${lastMessage}\n\nThe assistant answered:\n${lastAnswer.slice(-SHOWN_CHARACTERS)}`;
  return {
    messages: [
      { role: 'system', content: instruction },
      { role: 'user', content: `${shown}\n\nYour next message:` },
    ],
    maxTokens: followUp.maxTokens,
    ignoreEos: false,
  };
}

/** Tokens that the longest follow-up may have, at 4 characters a token. */
export function largestFollowUpTokens(followUp: FollowUp): number {
  switch (followUp.kind) {
    case 'fixed':
      return Math.ceil(followUp.text.length / 4);
    case 'template':
      return Math.ceil(Math.max(...followUp.templates.map((text) => text.length)) / 4);
    case 'model':
      return followUp.maxTokens;
  }
}

export function describeFollowUp(followUp: FollowUp): string {
  switch (followUp.kind) {
    case 'fixed':
      return 'one fixed follow-up question';
    case 'template':
      return `follow-up questions from ${followUp.templates.length} templates`;
    case 'model':
      return `follow-up questions written by ${followUp.model}`;
  }
}
