import type { RandomState } from '../engine/random.js';
import { normal, seedRandom } from '../engine/random.js';
import type { Fault } from '../faults.js';
import { hashBlocks, type BlockHashes } from '../engine/block-hash.js';
import type { Profile } from '../profiles/profile.js';
import type { PromptTokenizer, TemplateMessage } from '../text/chat-template.js';
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
  /** Numbers the sampled answers, from 1. */
  nextDraw(): number;
}

/** The question as the model sees it. */
export interface Prompt {
  tokens: Uint32Array;
  /** Decides length and words of the answer. */
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
  /** Which of a prompt's possible answers: sampling gives another one each time, greedy decoding always number 0. */
  draw: number;
  fault: Fault | null;
}

/**
 * Parses and checks a request body. Equal bodies get equal answers at temperature 0 or with a seed of their own.
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
    draw: body.temperature === 0 ? 0 : (body.seed ?? serving.nextDraw()),
    fault: body.sim ?? null,
  };
  return planGeneration(prompt, wish, serving);
}

/**
 * Decides the answer to a prompt.
 * @throws ApiError 400 when both together are longer than the model's context.
 */
export function planGeneration(prompt: Prompt, wish: Wish, serving: Serving): Generation {
  const promptTokens = prompt.tokens.length;
  const { endpoint, limit, minTokens, ignoreEos, stream, includeUsage, continuousUsage, draw, fault } = wish;
  const room = serving.maxModelLen - promptTokens;
  const maxTokens = limit ?? (endpoint === 'chat' ? room : Math.min(room, DEFAULT_COMPLETION_TOKENS));
  if (promptTokens + Math.max(1, maxTokens) > serving.maxModelLen) {
    throw contextTooLong(serving.maxModelLen, promptTokens, maxTokens);
  }
  const textSeed = draw === 0 ? prompt.textSeed : hashText(String(draw), prompt.textSeed);
  const least = Math.min(maxTokens, minTokens);
  const answer = answerLength(serving.profile, maxTokens, least, ignoreEos, seedRandom(textSeed));
  const blocks = nameBlocks(prompt.tokens, textSeed, answer, serving.blockSize);
  const how = { stream, includeUsage, continuousUsage, textSeed, fault };
  return { endpoint, promptTokens, maxTokens, ...answer, ...blocks, ...how };
}

/** The messages of a chat, in order. */
export function chatPrompt(messages: readonly TemplateMessage[], { seed, tokenizer }: Serving): Prompt {
  const textSeed = messages.reduce((hash, { content }) => tokenizer.hash(content, hash), seed);
  return { tokens: tokenizer.chat(messages), textSeed };
}

/** Text to be gone on with. */
export function textPrompt(text: string, { seed, tokenizer }: Serving): Prompt {
  const tokens = tokenizer.text(text);
  return { tokens: tokens.length === 0 ? new Uint32Array(1) : tokens, textSeed: hashText(text, seed) };
}

interface Asked {
  body: ChatBody | CompletionBody;
  prompt: Prompt;
  limit: number | null;
}

function parseChat(text: string, serving: Serving): Asked {
  const body = parseBody(chatSchema, text);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? null;
  return { body, prompt: chatPrompt(templateMessages(body.messages), serving), limit };
}

function parseCompletion(text: string, serving: Serving): Asked {
  const body = parseBody(completionSchema, text);
  const limit = body.max_tokens ?? null;
  const prompt = body.prompt;
  const first = typeof prompt === 'string' ? prompt : prompt[0];
  if (first === undefined || first === '') throw badRequest('The prompt must not be empty.', 'prompt');
  if (typeof first === 'number') {
    const tokens = Uint32Array.from(prompt as number[]);
    return { body, prompt: { tokens, textSeed: hashText(tokens.join(), serving.seed) }, limit };
  }
  if (typeof prompt !== 'string' && prompt.length > 1) {
    throw badRequest(`This simulator takes one prompt a request, got ${prompt.length}.`, 'prompt');
  }
  return { body, prompt: textPrompt(first, serving), limit };
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
