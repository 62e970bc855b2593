import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ApiError } from './api-error.js';

export interface AuthOptions {
  /** The bearer token that control and run data need. */
  token: string;
}

/** A new random token of 256 bits, safe in URLs and headers. */
export function generateToken(): string {
  return randomBytes(32).toString('base64url');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two secrets are equal, in a time that depends neither on where they differ nor on their lengths. */
export function secretsEqual(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** What the live page's cookie holds: derived from the token, so that a stolen cookie is not the token. */
export function cookieValue(token: string): string {
  return createHmac('sha256', token).update('sweepscope live page').digest('hex');
}

/** Browsers share cookies among the ports of a host: the port is part of the name, so that two sidecars can be open. */
function cookieName(req: Request): string {
  const port = /:(\d+)$/.exec(req.headers.host ?? '')?.[1] ?? 'default';
  return `sweepscope_${port}`;
}

function readCookie(req: Request, name: string): string | null {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const split = pair.indexOf('=');
    if (split > 0 && pair.slice(0, split).trim() === name) return pair.slice(split + 1).trim();
  }
  return null;
}

/** How a request proved that it knows the token; null: it did not. */
export function credential(req: Request, token: string): 'bearer' | 'cookie' | null {
  const header = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
  if (header !== undefined) return secretsEqual(header, token) ? 'bearer' : null;
  const cookie = readCookie(req, cookieName(req));
  return cookie !== null && secretsEqual(cookie, cookieValue(token)) ? 'cookie' : null;
}

/** Gives the browser that came with the right token in its link the cookie of the live page. */
export function setAuthCookie(req: Request, res: Response, token: string): void {
  res.cookie(cookieName(req), cookieValue(token), { httpOnly: true, sameSite: 'strict', path: '/' });
}

export const missingToken = (): ApiError =>
  new ApiError(
    401,
    'unauthorized',
    'a valid token is needed',
    'send "Authorization: Bearer <token>"; the token was configured or printed when the sidecar started',
  );

/**
 * Lets only those through who know the token. Where the browser vouches by cookie, a request that changes something
 * must also carry an Origin (which `checkOrigin` has compared): the cookie alone is sent by every page of this host.
 */
export function requireToken(auth: AuthOptions, limitFailures: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const by = credential(req, auth.token);
    const safe = req.method === 'GET' || req.method === 'HEAD';
    if (by === 'bearer' || (by === 'cookie' && (safe || req.headers.origin !== undefined))) return next();
    return limitFailures(req, res, (error?: unknown) => {
      if (error !== undefined) return next(error);
      res.setHeader('WWW-Authenticate', 'Bearer realm="sweepscope"');
      next(missingToken());
    });
  };
}
