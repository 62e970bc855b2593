import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ApiError } from './api-error.js';

const WINDOW_MS = 60_000;

/**
 * At most `perMinute` requests of one client address a minute, then 429 with Retry-After.
 * @param what named in the error.
 */
export function limitRate(
  perMinute: number,
  what: string,
  skip: (req: Request) => boolean = () => false,
): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // The socket's address, not a header's: no proxy is trusted.
    keyGenerator: (req) => ipKeyGenerator(req.socket.remoteAddress ?? ''),
    validate: false,
    skip,
    handler: (_req, _res, next) => {
      next(
        new ApiError(
          429,
          'too_many_requests',
          `more than ${perMinute} ${what} a minute`,
          'wait as many seconds as Retry-After says; GET …/events tells news without polling',
        ),
      );
    },
  });
}
