import type { RandomState } from '../engine/random.js';
import { normal, seedRandom } from '../engine/random.js';
import type { Fault } from '../faults.js';
import type { Profile } from '../profiles.js';
import { countChatTokens, countTokens, hashText } from '../text/tokenizer.js';
import { badRequest, contextTooLong, modelNotFound } from './api-error.js';
import { chatSchema, checkParameters, completionSchema, messageTexts, parseBody } from './body.js';
import type { ChatBody, CompletionBody } from './body.js';

export type Endpoint = 'chat' | 'completions';

/** What vLLM gives a completion without `max_tokens`. */
const DEFAULT_COMPLETION_TOKENS = 16;

/** One request to generate text, checked and with its answer's length decided. */
export interface Generation {
  endpoint: Endpoint;
  promptTokens: number;
  outputTokens: number;
  maxTokens: number;
  finish: 'stop' | 'length';
  stream: boolean;
  /** A last event with `usage` and no choices. */
  includeUsage: boolean;
  /** `usage` in every event. */
  continuousUsage: boolean;
  /** Decides the answer's words. */
  textSeed: number;
  fault: Fault | null;
}

/** What generations depend on besides the request. */
export interface Serving {
  profile: Profile;
  model: string;
  maxModelLen: number;
  seed: number;
}

/** The question as the engine sees it. */
export interface Prompt {
  promptTokens: number;
  /** Decides length and words of the answer: equal prompts, equal answers. */
  textSeed: number;
}

/** How an answer is wanted. */
export interface Wish {
  endpoint: Endpoint;
  /** Most output tokens; null: as vLLM does where nothing is said. */
  limit: number | null;
  minTokens: number;
  ignoreEos: boolean;
  stream: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
  fault: Fault | null;
}

/**
 * Parses and checks a request body. Equal bodies get answers of equal length and words.
 * @throws ApiError 400 or 404.
 */
export function parseGeneration(endpoint: Endpoint, text: string, serving: Serving): Generation {
  const { body, prompt, limit } = endpoint === 'chat' ? parseChat(text, serving) : parseCompletion(text, serving);
  if (typeof body.model === 'string' && body.model !== serving.model) throw modelNotFound(body.model);
  checkParameters(body);
  const includeUsage = body.stream_options?.include_usage === true;
  const wish: Wish = {
    endpoint,
    limit,
    minTokens: body.min_tokens ?? 1,
    ignoreEos: body.ignore_eos === true,
    stream: body.stream === true,
    includeUsage,
    continuousUsage: includeUsage && body.stream_options?.continuous_usage_stats === true,
    fault: body.sim ?? null,
  };
  return planGeneration(prompt, wish, serving);
}

/**
 * Decides the answer to a prompt.
 * @throws ApiError 400 when both together are longer than the model's context.
 */
export function planGeneration(prompt: Prompt, wish: Wish, serving: Serving): Generation {
  const { promptTokens, textSeed } = prompt;
  const { endpoint, limit, minTokens, ignoreEos, stream, includeUsage, continuousUsage, fault } = wish;
  const room = serving.maxModelLen - promptTokens;
  const maxTokens = limit ?? (endpoint === 'chat' ? room : Math.min(room, DEFAULT_COMPLETION_TOKENS));
  if (promptTokens + Math.max(1, maxTokens) > serving.maxModelLen) {
    throw contextTooLong(serving.maxModelLen, promptTokens, maxTokens);
  }
  const least = Math.min(maxTokens, minTokens);
  const length = answerLength(serving.profile, maxTokens, least, ignoreEos, seedRandom(textSeed));
  return { endpoint, promptTokens, maxTokens, ...length, stream, includeUsage, continuousUsage, textSeed, fault };
}

/** The messages of a chat, in order. `seed` is the server's. */
export function chatPrompt(contents: readonly string[], seed: number): Prompt {
  const textSeed = contents.reduce((hash, content) => hashText(content, hash), seed);
  return { promptTokens: countChatTokens(contents), textSeed };
}

/** Text to be gone on with. `seed` is the server's. */
export function textPrompt(text: string, seed: number): Prompt {
  return { promptTokens: Math.max(1, countTokens(text)), textSeed: hashText(text, seed) };
}

interface Asked {
  body: ChatBody | CompletionBody;
  prompt: Prompt;
  limit: number | null;
}

function parseChat(text: string, { seed }: Serving): Asked {
  const body = parseBody(chatSchema, text);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? null;
  return { body, prompt: chatPrompt(messageTexts(body.messages), seed), limit };
}

function parseCompletion(text: string, { seed }: Serving): Asked {
  const body = parseBody(completionSchema, text);
  const limit = body.max_tokens ?? null;
  const prompt = body.prompt;
  const first = typeof prompt === 'string' ? prompt : prompt[0];
  if (first === undefined || first === '') throw badRequest('The prompt must not be empty.', 'prompt');
  if (typeof first === 'number') {
    const tokens = prompt as number[];
    return { body, prompt: { promptTokens: tokens.length, textSeed: hashText(tokens.join(), seed) }, limit };
  }
  if (typeof prompt !== 'string' && prompt.length > 1) {
    throw badRequest(`This simulator takes one prompt a request, got ${prompt.length}.`, 'prompt');
  }
  return { body, prompt: textPrompt(first, seed), limit };
}

/** `ignore_eos` fills the limit; else a lognormal draw, cut off by the limit. An answer that stops has ≥ 2 tokens. */
function answerLength(
  profile: Profile,
  maxTokens: number,
  minTokens: number,
  ignoreEos: boolean,
  random: RandomState,
): { outputTokens: number; finish: 'stop' | 'length' } {
  const { medianTokens, sigma } = profile.answer;
  const drawn = Math.round(medianTokens * Math.exp(sigma * normal(random)));
  const outputTokens = Math.max(2, minTokens, drawn);
  if (ignoreEos || outputTokens >= maxTokens) return { outputTokens: maxTokens, finish: 'length' };
  return { outputTokens, finish: 'stop' };
}
