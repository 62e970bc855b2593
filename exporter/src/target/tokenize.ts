import type { Clock } from '../clock/clock.js';
import type { ChatMessage } from '../workload/types.js';
import { isObject } from './chat-chunk.js';
import { targetUrls } from './endpoint-url.js';
import type { ServerConfig } from './http-config.js';
import { askPlainly } from './plain-http.js';

const TIMEOUT_SECONDS = 15;

/** A text, or messages to which the server applies its chat template. */
export type Tokenizable = { prompt: string } | { messages: readonly ChatMessage[] };

/** How many tokens the server counts, where it offers `POST /tokenize` (vLLM, SGLang); else null. Never throws. */
export async function countTokens(
  config: ServerConfig,
  clock: Clock,
  model: string,
  what: Tokenizable,
): Promise<number | null> {
  try {
    const path = targetUrls(config.baseUrl, config.endpoint).tokenize;
    const body = { model, ...what };
    const answer = await askPlainly(config, clock, { method: 'POST', path, body, timeoutSeconds: TIMEOUT_SECONDS });
    if (answer.status !== 200) return null;
    const parsed: unknown = JSON.parse(answer.body);
    if (!isObject(parsed)) return null;
    if (typeof parsed.count === 'number') return parsed.count;
    return Array.isArray(parsed.tokens) ? parsed.tokens.length : null;
  } catch {
    return null;
  }
}
