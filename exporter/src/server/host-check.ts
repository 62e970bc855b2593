import type { RequestHandler } from 'express';
import { ApiError } from './api-error.js';

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** The name of a Host header or authority in lower case, without port and trailing dot; null when it is none. */
export function hostName(authority: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(:\d{1,5})?$/i.exec(authority);
  return match === null ? null : match[1]!.toLowerCase().replace(/\.$/, '');
}

/** Whether a Host header names this machine's loopback or one of the configured names. Ports do not matter. */
export function isAllowedHost(authority: string | undefined, allowedHosts: readonly string[]): boolean {
  const name = authority === undefined ? null : hostName(authority);
  return name !== null && (LOOPBACK.test(name) || allowedHosts.some((allowed) => hostName(allowed) === name));
}

/**
 * Refuses requests for another host, as a page does whose name was re-bound to this address (DNS rebinding), and
 * requests that a page of another origin sends.
 */
export function checkHostAndOrigin(allowedHosts: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    const { host, origin } = req.headers;
    if (!isAllowedHost(host, allowedHosts)) {
      throw new ApiError(
        403,
        'host_not_allowed',
        `this sidecar does not answer for host "${host ?? ''}"`,
        'reach it by a loopback name, or add the host to the allowed hosts where it is started',
      );
    }
    if (origin !== undefined && !isSameOrigin(origin, host!)) {
      throw new ApiError(
        403,
        'origin_not_allowed',
        `pages of ${origin} may not use this API`,
        'it takes requests of its own page and of programs, not of other sites',
      );
    }
    next();
  };
}

/** The scheme is left out: TLS may end before us. */
function isSameOrigin(origin: string, host: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  return match !== null && match[1]!.toLowerCase() === host.toLowerCase();
}
