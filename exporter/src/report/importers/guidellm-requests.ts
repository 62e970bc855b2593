import type { RequestRecord } from '../../measure/records.js';
import { classifyFailure } from './classify-failure.js';
import { asText, at, firstNumber, firstText, type JsonObject } from './fields.js';

/** A request as GuideLLM keeps it, in little memory. Unix times in seconds, NaN unknown. */
export interface GuideRequest {
  status: 'successful' | 'errored' | 'incomplete';
  start: number;
  firstChunk: number;
  firstToken: number;
  firstVisible: number;
  lastToken: number;
  end: number;
  inputTokens: number;
  outputTokens: number;
  conversation: string | null;
  turn: number;
  error: string;
}

/** Reads a request of 0.3 (times beside it) or of later versions (`info.timings`); null when it has no start. */
export function guideRequest(value: JsonObject, status: GuideRequest['status']): GuideRequest | null {
  const timing = (name: string): unknown =>
    at(value, 'info', 'timings', name) ?? at(value, 'scheduler_info', 'request_timings', name);
  const start = firstNumber(timing('request_start'), value['start_time'], value['request_start_time']);
  if (!(start > 0)) return null;
  const firstToken = firstNumber(timing('first_token_iteration'), timing('first_iteration'), value['first_token_time']);
  return {
    status,
    start,
    firstChunk: firstNumber(timing('first_request_iteration'), firstToken),
    firstToken,
    firstVisible: firstNumber(timing('first_output_token_iteration')),
    lastToken: firstNumber(timing('last_token_iteration'), timing('last_iteration'), value['last_token_time']),
    end: firstNumber(timing('request_end'), value['end_time'], value['request_end_time']),
    inputTokens: firstNumber(
      value['prompt_tokens'],
      at(value, 'input_metrics', 'text_tokens'),
      at(value, 'input_metrics', 'total_tokens'),
    ),
    outputTokens: firstNumber(
      value['output_tokens'],
      at(value, 'output_metrics', 'text_tokens'),
      at(value, 'output_metrics', 'total_tokens'),
    ),
    conversation: asText(at(value, 'info', 'conversation_id')),
    turn: firstNumber(at(value, 'info', 'turn_index'), 0) + 1,
    error: firstText(at(value, 'info', 'error'), value['error'], at(value, 'info', 'traceback')) ?? '',
  };
}

/** E2E ends with the last token, as ours does; without its time, with the request. */
export function guideRecord(
  request: GuideRequest,
  origin: number,
  index: number,
  name: string,
): Omit<RequestRecord, 'cachedTokens' | 'httpStatus'> {
  const since = (time: number): number => time - origin;
  const { status, start, end, firstToken, lastToken, error } = request;
  const ok = status === 'successful';
  return {
    id: `${name}-${index}`,
    slot: 0,
    conversation: conversationNumber(request.conversation, index),
    turn: request.turn,
    level: 0,
    intendedAt: since(start),
    startedAt: since(start),
    firstChunkAt: since(request.firstChunk),
    firstTokenAt: since(firstToken),
    firstVisibleAt: since(request.firstVisible),
    completedAt: ok ? since(Number.isNaN(lastToken) ? end : lastToken) : NaN,
    endedAt: since(end),
    inputTokens: request.inputTokens,
    outputTokens: ok ? request.outputTokens : NaN,
    tokensSource: 'usage',
    tokenChunks: NaN,
    // Cut by GuideLLM when the load ended: nobody knows how it would have gone.
    outcome: ok ? 'ok' : status === 'incomplete' ? 'aborted' : classifyFailure(error),
  };
}

/** A number of its own for each conversation id; requests without one stand alone. */
function conversationNumber(id: string | null, index: number): number {
  if (id === null) return index;
  let hash = 2 ** 31;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
  return hash + 2 ** 32;
}
