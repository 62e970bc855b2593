import express, { type RequestHandler } from 'express';
import type { z } from 'zod';
import { formatPath } from '../config/problems.js';
import { ApiError, badRequest } from './api-error.js';
import type { Problem } from './sweep-service.js';

/** Takes bodies of JSON up to `limitBytes` and no others; a request without a body has `req.body` undefined. */
export function jsonBody(limitBytes: number): RequestHandler[] {
  const onlyJson: RequestHandler = (req, _res, next) => {
    const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
    const type = (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
    if (hasBody && type !== 'application/json') {
      throw new ApiError(
        415,
        'unsupported_media_type',
        `a body of type "${type}" is not taken`,
        'send JSON with "Content-Type: application/json"',
      );
    }
    next();
  };
  return [onlyJson, express.json({ limit: limitBytes, strict: true, inflate: false })];
}

/** The body as the schema says. @throws ApiError 400 with every problem and where it is. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems: Problem[] = parsed.error.issues.map(({ path, message }) => ({
    path: formatPath(path),
    message,
    hint: null,
  }));
  const list = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw badRequest(`not valid: ${list}`, 'docs/api.md shows the body that is expected', problems);
}
