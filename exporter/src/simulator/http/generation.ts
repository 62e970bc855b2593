import type { RandomState } from '../engine/random.js';
import { normal, seedRandom } from '../engine/random.js';
import type { Fault } from '../faults.js';
import { hashBlocks, type BlockHashes } from '../engine/block-hash.js';
import type { Profile } from '../profiles/profile.js';
import type { PromptTokenizer } from '../text/chat-template.js';
import { hashText } from '../text/tokenizer.js';
import { withAnswerTokens } from '../text/words.js';
import { badRequest, contextTooLong, modelNotFound } from './api-error.js';
import { chatSchema, checkParameters, completionSchema, parseBody, templateMessages } from './body.js';
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
  /** Names of the KV blocks; absent where nothing is cached. */
  blockHashes?: BlockHashes;
  fault: Fault | null;
}

/** What generations depend on besides the request. */
export interface Serving {
  profile: Profile;
  model: string;
  maxModelLen: number;
  seed: number;
  tokenizer: PromptTokenizer;
  /** Tokens of a KV block; null: no prefix cache. */
  blockSize: number | null;
}

/**
 * Parses and checks a request body. Equal bodies get answers of equal length and words.
 * @throws ApiError 400 or 404.
 */
export function parseGeneration(endpoint: Endpoint, text: string, serving: Serving): Generation {
  const { body, prompt, limit, textSeed } =
    endpoint === 'chat' ? parseChat(text, serving) : parseCompletion(text, serving);
  if (typeof body.model === 'string' && body.model !== serving.model) throw modelNotFound(body.model);
  checkParameters(body);
  const promptTokens = prompt.length;
  const room = serving.maxModelLen - promptTokens;
  const fallback = endpoint === 'chat' ? room : Math.min(room, DEFAULT_COMPLETION_TOKENS);
  const maxTokens = limit ?? fallback;
  if (promptTokens + Math.max(1, maxTokens) > serving.maxModelLen) {
    throw contextTooLong(serving.maxModelLen, promptTokens, maxTokens);
  }
  const includeUsage = body.stream_options?.include_usage === true;
  const minTokens = Math.min(maxTokens, body.min_tokens ?? 1);
  const ignoreEos = body.ignore_eos === true;
  const answer = answerLength(serving.profile, maxTokens, minTokens, ignoreEos, seedRandom(textSeed));
  return {
    endpoint,
    promptTokens,
    maxTokens,
    ...answer,
    ...nameBlocks(prompt, textSeed, answer, serving.blockSize),
    stream: body.stream === true,
    includeUsage,
    continuousUsage: includeUsage && body.stream_options?.continuous_usage_stats === true,
    textSeed,
    fault: body.sim ?? null,
  };
}

interface Asked {
  body: ChatBody | CompletionBody;
  prompt: Uint32Array;
  limit: number | null;
  textSeed: number;
}

function parseChat(text: string, { seed, tokenizer }: Serving): Asked {
  const body = parseBody(chatSchema, text);
  const messages = templateMessages(body.messages);
  const textSeed = messages.reduce((hash, { content }) => hashText(content, hash), seed);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? null;
  return { body, prompt: tokenizer.chat(messages), limit, textSeed };
}

function parseCompletion(text: string, { seed, tokenizer }: Serving): Asked {
  const body = parseBody(completionSchema, text);
  const limit = body.max_tokens ?? null;
  const prompt = body.prompt;
  const first = typeof prompt === 'string' ? prompt : prompt[0];
  if (first === undefined || first === '') throw badRequest('The prompt must not be empty.', 'prompt');
  if (typeof first === 'number') {
    const tokens = prompt as number[];
    return { body, prompt: Uint32Array.from(tokens), limit, textSeed: hashText(tokens.join(), seed) };
  }
  if (typeof prompt !== 'string' && prompt.length > 1) {
    throw badRequest(`This simulator takes one prompt a request, got ${prompt.length}.`, 'prompt');
  }
  const tokens = tokenizer.text(first);
  return { body, prompt: tokens.length === 0 ? new Uint32Array(1) : tokens, limit, textSeed: hashText(first, seed) };
}

interface Answer {
  outputTokens: number;
  finish: 'stop' | 'length';
}

function nameBlocks(
  prompt: Uint32Array,
  textSeed: number,
  { outputTokens, finish }: Answer,
  blockSize: number | null,
): { blockHashes?: BlockHashes } {
  if (blockSize === null) return {};
  return { blockHashes: hashBlocks(withAnswerTokens(prompt, textSeed, outputTokens, finish), blockSize) };
}

/** `ignore_eos` fills the limit; else a lognormal draw, cut off by the limit. An answer that stops has ≥ 2 tokens. */
function answerLength(
  profile: Profile,
  maxTokens: number,
  minTokens: number,
  ignoreEos: boolean,
  random: RandomState,
): Answer {
  const { medianTokens, sigma } = profile.answer;
  const drawn = Math.round(medianTokens * Math.exp(sigma * normal(random)));
  const outputTokens = Math.max(2, minTokens, drawn);
  if (ignoreEos || outputTokens >= maxTokens) return { outputTokens: maxTokens, finish: 'length' };
  return { outputTokens, finish: 'stop' };
}
