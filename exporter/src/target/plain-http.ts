import { Client } from 'undici';
import type { Clock } from '../clock/clock.js';
import { Connections, connectOptions } from './connections.js';
import { targetUrls } from './endpoint-url.js';
import { classifyFailure, shorten, type Failure } from './failure.js';
import { baseHeaders, configRedactor, type ServerConfig } from './http-config.js';
import { TargetError } from './target-error.js';

export interface PlainRequest {
  method: 'GET' | 'POST';
  /** With a leading slash. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  timeoutSeconds: number;
}

export interface PlainAnswer {
  status: number;
  body: string;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * One ordinary request, outside any measurement.
 * @throws TargetError (`unreachable`, `tls`, `timeout`, `not_openai`) when no answer came
 */
export async function askPlainly(config: ServerConfig, clock: Clock, request: PlainRequest): Promise<PlainAnswer> {
  const urls = targetUrls(config.baseUrl, config.endpoint);
  const connections = new Connections(clock, config.tls, connectOptions(urls.origin));
  const client = new Client(urls.origin, { connect: (options, callback) => connections.open(options, callback) });
  const expiry = new AbortController();
  const timer = clock.timer(request.timeoutSeconds, () => expiry.abort());
  const where = `target ${urls.origin}${request.path.split('?', 1)[0]!}`;
  try {
    const { method, path } = request;
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    const headers = baseHeaders(config, urls);
    const answer = await client.request({ method, path, headers, body, signal: expiry.signal });
    return { status: answer.statusCode, body: await readBody(answer.body) };
  } catch (error) {
    if (expiry.signal.aborted) {
      throw new TargetError('timeout', `${where} did not answer within ${request.timeoutSeconds} s`);
    }
    const { outcome, reason } = classifyFailure(error, false);
    throw noAnswer(where, { outcome, reason: shorten(configRedactor(config, urls)(reason)) });
  } finally {
    timer.cancel();
    await client.destroy().catch(() => undefined);
  }
}

async function readBody(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    parts.push(part);
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The error for a target that gave no answer at all, with what to do. `reason` is shown as it is. */
export function noAnswer(where: string, failure: Failure): TargetError {
  const { reason } = failure;
  if (failure.outcome === 'tls') {
    const hint = 'a certificate of its own authority needs target.tls.ca, mutual TLS needs target.tls.cert and key';
    return new TargetError('tls', `${where}: TLS failed: ${reason}; ${hint}`);
  }
  if (failure.outcome === 'malformed') return new TargetError('not_openai', `${where}: ${reason}`);
  // In TLS 1.3 the client's part of the handshake is over before the server looks for a certificate and hangs up.
  const hungUp = where.includes(' https:') && /other side closed|ECONNRESET|EPIPE/.test(reason);
  const hint = hungUp
    ? 'does it want a client certificate (target.tls.cert and key)?'
    : 'is the server up, and the URL right?';
  return new TargetError('unreachable', `${where} can't be reached: ${reason}; ${hint}`);
}
