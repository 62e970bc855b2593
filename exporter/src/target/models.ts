import type { Clock } from '../clock/clock.js';
import { isObject } from './chat-chunk.js';
import { targetUrls } from './endpoint-url.js';
import { shorten, summarizeBody } from './failure.js';
import { configRedactor, type ServerConfig } from './http-config.js';
import { askPlainly, type PlainAnswer } from './plain-http.js';
import { TargetError } from './target-error.js';

/** A model that a server lists. */
export interface ListedModel {
  id: string;
  /** Tokens of prompt and answer together, where the server tells. */
  maxModelLen: number | null;
}

const TIMEOUT_SECONDS = 15;

/**
 * The models that the server lists at `/v1/models`; null when it has no such list, which not every server does.
 * @throws TargetError when it can't be reached, refuses us, or is something else than an OpenAI-compatible server
 */
export async function listModels(config: ServerConfig, clock: Clock): Promise<ListedModel[] | null> {
  const urls = targetUrls(config.baseUrl, config.endpoint);
  const answer = await askPlainly(config, clock, { method: 'GET', path: urls.models, timeoutSeconds: TIMEOUT_SECONDS });
  const where = `target ${urls.origin}${urls.models.split('?', 1)[0]!}`;
  const words = shorten(configRedactor(config, urls)(summarizeBody(answer.body)));
  if (answer.status === 401 || answer.status === 403) throw unauthorized(where, answer.status, words);
  if (answer.status !== 200) return null;
  return readModels(answer, where, words);
}

/** The error for a refused key, with what to do. */
export function unauthorized(where: string, status: number, words: string): TargetError {
  const hint = 'name the environment variable that holds the key in target.apiKeyEnv';
  return new TargetError('unauthorized', `${where} answered ${status}${words === '' ? '' : `: ${words}`}; ${hint}`);
}

function readModels(answer: PlainAnswer, where: string, words: string): ListedModel[] {
  let list: unknown;
  try {
    list = JSON.parse(answer.body);
  } catch {
    throw new TargetError('not_openai', `${where} answered no JSON: "${words}"; is this an OpenAI-compatible server?`);
  }
  const data = isObject(list) ? list.data : null;
  if (!Array.isArray(data)) {
    throw new TargetError(
      'not_openai',
      `${where} answered without a list of models; is this an OpenAI-compatible server?`,
    );
  }
  return data.filter(isObject).flatMap((entry) => {
    if (typeof entry.id !== 'string') return [];
    const length = entry.max_model_len;
    return [{ id: entry.id, maxModelLen: typeof length === 'number' && length > 0 ? length : null }];
  });
}
