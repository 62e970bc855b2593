import { errorMessage, isObject, isText } from './chat-chunk.js';
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
  const { name, code, message } = describe(error);
  const reason = code === '' || message.includes(code) ? message : `${message} (${code})`;
  if (TLS_CODE.test(code) || TLS_CODES.has(code) || message.includes('secure TLS connection')) {
    return { outcome: 'tls', reason };
  }
  if (name === 'HTTPParserError' && !message.includes('Invalid EOF')) {
    return { outcome: 'malformed', reason: `the answer is not proper HTTP: ${reason}` };
  }
  if (!headArrived) return { outcome: 'connect', reason };
  return { outcome: 'truncated', reason: `the connection broke in the middle of the answer: ${reason}` };
}

/** Errors are told by their shape: Node's own may be of another realm, where `instanceof` fails. */
function describe(error: unknown): { name: string; code: string; message: string } {
  if (!isObject(error)) return { name: '', code: '', message: String(error) };
  const { errors } = error;
  const attempts = Array.isArray(errors) ? (errors as unknown[]) : [];
  if (!isText(error.message) && attempts.length > 0) return describe(attempts[0]);
  const name = isText(error.name) ? error.name : 'Error';
  return { name, code: isText(error.code) ? error.code : '', message: isText(error.message) ? error.message : name };
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
