import type { ErrorClass } from '../../target/types.js';

const CLASSES: readonly [RegExp, ErrorClass][] = [
  [/time[d ]?-?out/i, 'timeout_total'],
  [/\b429\b|too many requests|rate limit/i, 'http_429'],
  [/\b5\d\d\b|internal server error|service unavailable|bad gateway/i, 'http_5xx'],
  [/\b4\d\d\b|bad request|unauthorized|forbidden|not found/i, 'http_4xx'],
  [/certificate|\btls\b|\bssl\b/i, 'tls'],
  [/cancel|abort/i, 'aborted'],
  [/disconnect|incomplete|closed|payload|reset|eof/i, 'truncated'],
  [/connect|refused|resolve|socket/i, 'connect'],
  [/empty|no response|never received a valid chunk/i, 'empty'],
];

/** Our class of a failure that another tool describes in words; what can't be told counts as `malformed`. */
export function classifyFailure(message: string): ErrorClass {
  return CLASSES.find(([pattern]) => pattern.test(message))?.[1] ?? 'malformed';
}
