import { errorMessage } from './chat-chunk.js';
import type { ErrorClass } from './types.js';

export interface Failure {
  outcome: ErrorClass;
  reason: string;
}

const DETAIL_LENGTH = 300;
const TLS_CODE = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|EPROTO$|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const TLS_CODES = new Set(['INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED', 'ERROR_IN_CERT_NOT_BEFORE_FIELD']);

/** The class of a broken exchange by undici's or Node's error, before or after the response's head arrived. */
export function classifyFailure(error: unknown, headArrived: boolean): Failure {
  const { code, message } = describe(error);
  const reason = code === '' || message.includes(code) ? message : `${message} (${code})`;
  if (TLS_CODE.test(code) || TLS_CODES.has(code) || /secure TLS connection/.test(message))
    return { outcome: 'tls', reason };
  const cutInParser = code === 'HPE_INVALID_EOF_STATE';
  if (code.startsWith('HPE_') && !cutInParser)
    return { outcome: 'malformed', reason: `the answer is not HTTP: ${reason}` };
  if (headArrived)
    return { outcome: 'truncated', reason: `the connection broke in the middle of the answer: ${reason}` };
  return { outcome: 'connect', reason };
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : null;
  const source = error.message === '' && inner instanceof Error ? inner : error;
  const code = 'code' in source && typeof source.code === 'string' ? source.code : '';
  return { code, message: source.message === '' ? source.name : source.message };
}

/** The class of an answer's status code of 300 or more. A redirect is no error of the server's, but no answer either. */
export function classifyStatus(status: number): ErrorClass {
  if (status === 429) return 'http_429';
  if (status >= 500) return 'http_5xx';
  if (status >= 400) return 'http_4xx';
  return 'malformed';
}

/** What an answer's body says, short enough for a line: the server's own error message, a page's title, or its text. */
export function summarizeBody(body: string): string {
  const text = body.trim();
  if (text === '') return '';
  try {
    const message = errorMessage(JSON.parse(text));
    if (message !== null) return shorten(message);
  } catch {
    // Not JSON: shown as it is.
  }
  const title = /<title[^>]*>([^<]+)<\/title>/i.exec(text)?.[1];
  if (title !== undefined) return shorten(title);
  return shorten(/^\s*</.test(text) ? text.replace(/<[^>]*>/g, ' ') : text);
}

/** One line of at most 300 characters. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= DETAIL_LENGTH ? line : `${line.slice(0, DETAIL_LENGTH - 1)}…`;
}

/** Seconds that a `Retry-After` asks for, given as seconds or as an HTTP date; NaN when it says neither. */
export function parseRetryAfter(value: string, epochSeconds: number): number {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? NaN : Math.max(0, date / 1000 - epochSeconds);
}
