import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import pino, { type DestinationStream, type Logger } from 'pino';
import { createRedactor } from '../target/redact.js';

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
        censor: '[redacted]',
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
