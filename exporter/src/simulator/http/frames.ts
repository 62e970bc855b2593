import type { Generation } from './generation.js';

/** The names that every chunk and answer of one request carries. */
export interface ReplyNames {
  requestId: string;
  model: string;
  /** Seconds since the Unix epoch, whole. */
  created: number;
}

const FINGERPRINT = 'sweepscope-simulator';
export const DONE_EVENT = 'data: [DONE]\n\n';

/** JSON in ASCII only, so that a string's length is its length in bytes. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const CHUNK_HEADS = Array.from({ length: 1024 }, (_, length) => `${length.toString(16)}\r\n`);

/** One HTTP/1.1 chunk. `payload` must be ASCII. */
export function httpChunk(payload: string): string {
  const { length } = payload;
  return (CHUNK_HEADS[length] ?? `${length.toString(16)}\r\n`) + payload + '\r\n';
}

/** The same text in one piece: V8 keeps a concatenation as a tree, which every later use would walk again. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** The server-sent events of one answer, made by splicing words and numbers into parts prepared once. */
export class EventTemplate {
  private readonly head: string;
  private readonly textStart: string;
  private readonly finishEnd: string;
  private readonly usageStart: string;
  /** What follows a token's text: up to the running counts where they are wanted, else all. */
  private readonly afterText: string;

  constructor(
    names: ReplyNames,
    private readonly generation: Generation,
  ) {
    const chat = generation.endpoint === 'chat';
    const prefix = chat ? 'chatcmpl' : 'cmpl';
    const object = chat ? 'chat.completion.chunk' : 'text_completion';
    const id = asciiJson(`${prefix}-${names.requestId}`);
    this.head = flat(
      `data: {"id":${id},"object":"${object}","created":${names.created},"model":${asciiJson(names.model)},"choices":[`,
    );
    this.textStart = flat(this.head + (chat ? '{"index":0,"delta":{"content":"' : '{"index":0,"text":"'));
    const tokens = chat ? '"token_ids":null' : '"stop_reason":null,"prompt_token_ids":null,"token_ids":null';
    const close = chat ? '"}' : '"';
    const textEnd = `${close},"logprobs":null,"finish_reason":null,${tokens}}]`;
    const stop = chat ? '"stop_reason":null,' : '';
    this.finishEnd = `${close},"logprobs":null,"finish_reason":"${generation.finish}",${stop}${tokens}}],"system_fingerprint":"${FINGERPRINT}"`;
    this.usageStart = `,"usage":{"prompt_tokens":${generation.promptTokens},"total_tokens":`;
    this.afterText = flat(textEnd + (generation.continuousUsage ? this.usageStart : '}\n\n'));
  }

  /** The event before the first token; empty for completions, which have none. */
  role(): string {
    if (this.generation.endpoint !== 'chat') return '';
    const choice = '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]';
    return `${this.head}${choice},"prompt_token_ids":null${this.continuous(0)}}\n\n`;
  }

  /** One token's event. `text` must be ASCII that JSON need not escape. */
  token(text: string, produced: number): string {
    const { textStart, afterText, generation } = this;
    if (!generation.continuousUsage) return textStart + text + afterText;
    const total = generation.promptTokens + produced;
    return `${textStart}${text}${afterText}${total},"completion_tokens":${produced}}}\n\n`;
  }

  /** The event with the finish reason; it carries the last token's text. */
  finish(text: string, produced: number): string {
    return `${this.textStart}${text}${this.finishEnd}${this.continuous(produced)}}\n\n`;
  }

  /** The event after the last choice; empty unless usage was asked for. Cached tokens: null where not known. */
  usage(produced: number, cachedTokens: number | null): string {
    if (!this.generation.includeUsage) return '';
    const details = cachedTokens === null ? '' : `,"prompt_tokens_details":{"cached_tokens":${cachedTokens}}`;
    return `${this.head}]${this.openCounts(produced)}${details}}}\n\n`;
  }

  private continuous(produced: number): string {
    return this.generation.continuousUsage ? this.counts(produced) : '';
  }

  private counts(produced: number): string {
    return `${this.openCounts(produced)}}`;
  }

  private openCounts(produced: number): string {
    return `${this.usageStart}${this.generation.promptTokens + produced},"completion_tokens":${produced}`;
  }
}

/** What an answer came to. */
export interface WholeAnswer {
  text: string;
  outputTokens: number;
  /** null: not known. */
  cachedTokens: number | null;
}

/** The body of an answer that is not streamed. */
export function wholeReply(names: ReplyNames, generation: Generation, answer: WholeAnswer): object {
  const { promptTokens, endpoint, finish } = generation;
  const { text, outputTokens, cachedTokens } = answer;
  const chat = endpoint === 'chat';
  const ending = { logprobs: null, finish_reason: finish, stop_reason: null, token_ids: null };
  return {
    id: `${chat ? 'chatcmpl' : 'cmpl'}-${names.requestId}`,
    object: chat ? 'chat.completion' : 'text_completion',
    created: names.created,
    model: names.model,
    choices: [
      chat ? { index: 0, message: { role: 'assistant', content: text }, ...ending } : { index: 0, text, ...ending },
    ],
    system_fingerprint: FINGERPRINT,
    usage: {
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + outputTokens,
      completion_tokens: outputTokens,
      prompt_tokens_details: cachedTokens === null ? null : { cached_tokens: cachedTokens },
    },
  };
}
