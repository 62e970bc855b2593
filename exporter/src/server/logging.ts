import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import pino, { type DestinationStream, type Logger } from 'pino';

const MASK = '[redacted]';
/** Shorter ones would mask ordinary words and are no secrets. */
const MIN_SECRET_LENGTH = 4;

/** Credentials that are recognised by their place, whether known or not. */
const PATTERNS: readonly [RegExp, string][] = [
  [/(\bbearer\s+)[^\s"'\\,;]+/gi, `$1${MASK}`],
  [/([?&](?:token|api[-_]?key|access_token)=)[^&\s"'\\#]+/gi, `$1${MASK}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${MASK}@`],
];

/** A function that masks the given secrets, in any spelling they take in JSON and URLs, and credentials by their place. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let masked = text;
    for (const spelling of new Set(spellings)) masked = masked.replaceAll(spelling, MASK);
    for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement);
    return masked;
  };
}

export interface LoggerOptions {
  level?: string;
  /** Values that may never appear in a line: the token, API keys. */
  secrets: readonly string[];
  /** Default: standard error, as standard output belongs to the run's table. */
  destination?: DestinationStream;
}

/** The sidecar's log: JSON lines in which no secret appears, whatever was logged. */
export function createLogger(options: LoggerOptions): Logger {
  const redact = createRedactor(options.secrets);
  return pino(
    {
      level: options.level ?? 'info',
      redact: {
        paths: ['authorization', 'cookie', 'token', 'apiKey', 'password'].flatMap((key) => [key, `*.${key}`]),
        censor: MASK,
      },
      hooks: { streamWrite: redact },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** Gives each request an id, in the answer and the log, and logs it when answered: never its query, headers or body. */
export function logRequests(logger: Logger, quietPaths: ReadonlySet<string>): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const path = req.path.slice(0, 200);
    res.setHeader('X-Request-Id', requestId);
    res.once('close', () => {
      const line = {
        requestId,
        method: req.method,
        path,
        status: res.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
        client: req.socket.remoteAddress,
        complete: res.writableFinished,
      };
      logger[quietPaths.has(path) ? 'debug' : 'info'](line, 'request');
    });
    next();
  };
}
