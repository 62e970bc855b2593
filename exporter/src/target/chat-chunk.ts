/** What a `data` payload of a streamed answer is. */
export type ChunkKind = 'chunk' | 'done' | 'error' | 'malformed';

/**
 * What one event of a streamed answer says, of chat completions or completions. One object is filled again and again:
 * read it before the next `readChunk`.
 */
export class ChatChunk {
  kind: ChunkKind = 'malformed';
  /** It has at least one element in `choices`. */
  hasChoice = false;
  /** Visible content, empty when none. */
  text = '';
  /** It carries non-empty reasoning text. */
  reasoning = false;
  /** It carries a tool-call delta. */
  toolCall = false;
  /** It carries a `finish_reason`. */
  finished = false;
  /** Counts of `usage`; NaN where it tells none. */
  promptTokens = NaN;
  completionTokens = NaN;
  cachedTokens = NaN;
  /** The server's words of an error object; what is wrong with a malformed event. */
  message = '';

  reset(): void {
    this.kind = 'malformed';
    this.hasChoice = false;
    this.text = '';
    this.reasoning = false;
    this.toolCall = false;
    this.finished = false;
    this.promptTokens = NaN;
    this.completionTokens = NaN;
    this.cachedTokens = NaN;
    this.message = '';
  }
}

type Json = Readonly<Record<string, unknown>>;

/** Fills `chunk` from the data of one event. */
export function readChunk(data: string, chunk: ChatChunk): void {
  chunk.reset();
  if (data === '[DONE]' || data.trim() === '[DONE]') {
    chunk.kind = 'done';
    return;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    chunk.message = `an event is not JSON: ${data.slice(0, 200)}`;
    return;
  }
  if (!isObject(parsed)) {
    chunk.message = `an event is no JSON object: ${data.slice(0, 200)}`;
    return;
  }
  readObject(parsed, chunk, data);
}

function readObject(event: Json, chunk: ChatChunk, data: string): void {
  if (isError(event)) {
    chunk.kind = 'error';
    chunk.message = errorMessage(event) ?? data.slice(0, 200);
    return;
  }
  const { choices, usage } = event;
  if (!Array.isArray(choices) && !isObject(usage)) {
    chunk.message = `an event has neither choices nor usage: ${data.slice(0, 200)}`;
    return;
  }
  chunk.kind = 'chunk';
  if (Array.isArray(choices)) for (const choice of choices) readChoice(choice, chunk);
  if (isObject(usage)) readUsage(usage, chunk);
}

function readChoice(choice: unknown, chunk: ChatChunk): void {
  chunk.hasChoice = true;
  if (!isObject(choice)) return;
  if (typeof choice.finish_reason === 'string') chunk.finished = true;
  if (typeof choice.text === 'string') chunk.text += choice.text;
  const { delta } = choice;
  if (!isObject(delta)) return;
  if (typeof delta.content === 'string') chunk.text += delta.content;
  if (isText(delta.reasoning_content) || isText(delta.reasoning)) chunk.reasoning = true;
  if (Array.isArray(delta.tool_calls) && delta.tool_calls.length > 0) chunk.toolCall = true;
}

function readUsage(usage: Json, chunk: ChatChunk): void {
  chunk.promptTokens = count(usage.prompt_tokens);
  chunk.completionTokens = count(usage.completion_tokens);
  if (isObject(usage.prompt_tokens_details)) chunk.cachedTokens = count(usage.prompt_tokens_details.cached_tokens);
}

function isError(event: Json): boolean {
  return (event.error !== undefined && event.error !== null) || event.object === 'error';
}

/**
 * The server's own words in an error answer: `{"error": {"message"}}`, `{"error": "…"}`, `{"message"}` or `{"detail"}`
 * (FastAPI); null when it holds none of them.
 */
export function errorMessage(body: unknown): string | null {
  if (!isObject(body)) return null;
  for (const part of [body.error, body.message, body.detail]) {
    if (isText(part)) return part;
    if (isObject(part) && isText(part.message)) return part.message;
    if (part !== undefined && part !== null) return JSON.stringify(part);
  }
  return null;
}

/** True for JSON objects, not for arrays. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a string that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : NaN;
}
