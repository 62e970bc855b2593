import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { distribution } from './distribution-schema.js';
import { duration } from './duration.js';
import { flag, number, oneOf, positiveInteger, reject, seed, text } from './fields.js';
import { followUpSchema } from './follow-up-schema.js';
import type { WorkloadSpec } from './spec.js';

/** All kinds of workload, in the order they are listed to people. */
export const WORKLOAD_KINDS = ['conversation', 'synthetic', 'prompt', 'dataset'] as const;

const defaults = DEFAULTS.workload;

const commonSeed = seed().prefault(defaults.seed);
const salt = oneOf(
  ['conversation', 'none'],
  'conversation: every conversation has a prefix of its own; none: prompts repeat and hit the prefix cache.',
).prefault(defaults.salt);

const starters = z.strictObject({
  count: positiveInteger('How many different passages.', 10_000).prefault(defaults.conversation.starters.count),
  tokens: positiveInteger('Length of a passage, in tokens.').prefault(defaults.conversation.starters.tokens),
});

const turns = z
  .strictObject({
    min: positiveInteger('Fewest turns of a conversation.', 1000).prefault(defaults.conversation.turns.min),
    max: positiveInteger('Most turns of a conversation.', 1000).prefault(defaults.conversation.turns.max),
  })
  .transform((written, context) => {
    if (written.min > written.max) {
      reject(context, `must not be above max, got ${written.min} > ${written.max}`, { path: ['min'] });
    }
    return written;
  });

const thinkTime = distribution(
  {
    fixed: duration('Time.', { zero: true }),
    parameter: duration('Time.', { zero: true }),
    lowest: 0,
  },
  'Pause of the user before each further turn.',
);

function tokenCounts(description: string): ReturnType<typeof distribution> {
  const parameter = number('a number from 1', 'Tokens.', { min: 1 });
  return distribution({ fixed: positiveInteger('Tokens.'), parameter, lowest: 1 }, description);
}

const conversation = z
  .strictObject({
    kind: z.literal('conversation'),
    seed: commonSeed,
    salt,
    systemPrompt: text('text', 'System prompt of every conversation.').prefault(defaults.conversation.systemPrompt),
    starters: starters.prefault({}),
    turns: turns.prefault({}),
    followUp: followUpSchema.prefault(defaults.conversation.followUp),
    thinkTime: thinkTime.prefault(defaults.conversation.thinkTime),
    outputTokens: positiveInteger('Most output tokens of a turn.').prefault(defaults.conversation.outputTokens),
  })
  .transform((written): WorkloadSpec => written);

const synthetic = z
  .strictObject({
    kind: z.literal('synthetic'),
    seed: commonSeed,
    inputTokens: tokenCounts('Tokens of a prompt.'),
    outputTokens: tokenCounts('Tokens of an answer.'),
    ignoreEos: flag('Make the server write exactly outputTokens tokens.').prefault(defaults.synthetic.ignoreEos),
  })
  .transform((written): WorkloadSpec => written);

const prompt = z
  .strictObject({
    kind: z.literal('prompt'),
    seed: commonSeed,
    prompt: text('text', 'The one prompt that is asked.'),
    outputTokens: positiveInteger('Most output tokens of an answer.').prefault(defaults.prompt.outputTokens),
  })
  .transform((written): WorkloadSpec => written);

const dataset = z
  .strictObject({
    kind: z.literal('dataset'),
    seed: commonSeed,
    salt,
    path: text('the path of a file', 'ShareGPT JSON or OpenAI-chat JSONL.'),
    format: oneOf(['sharegpt', 'openai-chat', 'auto'], 'Format of the file.').prefault(defaults.dataset.format),
    outputTokens: positiveInteger('Most output tokens of a turn; absent: as long as the recorded answer.')
      .nullable()
      .default(null),
    maxTurns: positiveInteger('Most turns taken from one recorded conversation.').prefault(defaults.dataset.maxTurns),
  })
  .transform((written): WorkloadSpec => written);

export const workloadSchema = z.discriminatedUnion('kind', [conversation, synthetic, prompt, dataset]);
