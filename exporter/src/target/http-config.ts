import type { Endpoint, TimeoutsSpec } from '../config/spec.js';
import { createRedactor, type Redactor } from './redact.js';
import type { TargetUrls } from './endpoint-url.js';
import type { TargetCapabilities } from './types.js';

/** PEM contents, not paths; certificates are always verified, against `ca` alone where it is given. */
export interface TlsMaterial {
  ca: string | Uint8Array | null;
  cert: string | Uint8Array | null;
  key: string | Uint8Array | null;
}

/** How to ask a server; structured-clonable, secrets included: keep it out of logs and reports. */
export interface ServerConfig {
  /** With or without `/v1`. */
  baseUrl: string;
  endpoint: Endpoint;
  apiKey: string | null;
  /** Values as they are sent: `${NAME}` is already replaced. */
  headers: Readonly<Record<string, string>>;
  tls: TlsMaterial;
  timeouts: TimeoutsSpec;
  /** null: the server's default. */
  temperature: number | null;
  /** Goes into each request's body and wins over our fields, but for `stream` and `stream_options`. */
  extraBody: Readonly<Record<string, unknown>>;
}

/** All that a client under load needs. */
export interface HttpTargetConfig extends ServerConfig {
  model: string;
  capabilities: TargetCapabilities;
}

/** Seconds until a connection attempt counts as failed. */
export const CONNECT_TIMEOUT_SECONDS = 10;

/** Headers that each request carries, as name, value, name, value …; names in lower case. */
export function baseHeaders(config: ServerConfig, urls: TargetUrls): string[] {
  const headers = new Map<string, string>([['accept', 'text/event-stream, application/json']]);
  headers.set('content-type', 'application/json');
  headers.set('user-agent', 'sweepscope');
  if (config.apiKey !== null) headers.set('authorization', `Bearer ${config.apiKey}`);
  else if (urls.credentials !== null) {
    headers.set('authorization', `Basic ${Buffer.from(urls.credentials).toString('base64')}`);
  }
  for (const [name, value] of Object.entries(config.headers)) headers.set(name.toLowerCase(), value);
  return [...headers].flat();
}

const PUBLIC_HEADERS = new Set(['accept', 'content-type', 'user-agent', 'host']);

/** Masks the configuration's secrets: the key, the URL's password, values of headers of its own. */
export function configRedactor(config: ServerConfig, urls: TargetUrls): Redactor {
  const values = Object.entries(config.headers)
    .filter(([name]) => !PUBLIC_HEADERS.has(name.toLowerCase()))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')]);
  const password = urls.credentials?.replace(/^[^:]*:/, '');
  return createRedactor([
    ...values,
    ...(config.apiKey === null ? [] : [config.apiKey]),
    ...(password ? [password] : []),
  ]);
}
