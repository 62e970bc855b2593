import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { duration } from './duration.js';
import { expected, field, oneOf, reject, text } from './fields.js';
import type { Field } from './fields.js';
import { ENVIRONMENT_NAME, hasReference, isSecretName } from './secrets.js';
import type { TargetSpec, TimeoutsSpec, TlsSpec } from './spec.js';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'content-type',
  'connection',
  'transfer-encoding',
  'x-request-id',
]);

/** A server's base URL: http or https, without user, password, query or fragment, none of which are printed. */
export function baseUrl(description: string): Field<string> {
  const what = 'a base URL such as http://127.0.0.1:8000';
  return field({ type: 'string', pattern: '^https?://', description }, (value, fail) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    if (url === null) return fail(expected(what, typeof value === 'string' && value.includes('@') ? '…' : value));
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return fail(`must begin with http:// or https://, got ${JSON.stringify(url.protocol)}`, {
        hint: `write ${what}`,
      });
    }
    if (url.username !== '' || url.password !== '') {
      return fail('must not contain a user or password', { hint: 'use apiKeyEnv, or headers with ${NAME}' });
    }
    if (url.search !== '' || url.hash !== '') {
      return fail('must not have a query or fragment', { hint: `write ${what}; the path of the endpoint is added` });
    }
    return value as string;
  });
}

/** The name of an environment variable that holds a key. A key written here by mistake is refused and not shown. */
export function keyVariable(description: string): Field<string> {
  return field({ type: 'string', pattern: ENVIRONMENT_NAME.source, description }, (value, fail) => {
    const isKey = typeof value === 'string' && /^(sk|hf|gsk|nvapi)[-_]/.test(value);
    if (typeof value === 'string' && ENVIRONMENT_NAME.test(value) && !isKey) return value;
    return fail('must be the name of an environment variable that holds the key', {
      hint: 'write e.g. apiKeyEnv: OPENAI_API_KEY and set that variable; keys do not belong into a spec',
    });
  });
}

/** Headers of requests; secrets only by reference. */
export const headersSchema = z
  .record(z.string(), text('text', 'A header; ${NAME} is replaced from the environment when a request is made.'))
  .transform((pairs, context) => {
    for (const [name, value] of Object.entries(pairs)) {
      const path = [name];
      if (!HEADER_NAME.test(name)) reject(context, 'is not a valid header name', { path });
      else if (OWN_HEADERS.has(name.toLowerCase())) reject(context, 'is set by the client itself', { path });
      else if (!HEADER_VALUE.test(value)) reject(context, 'holds characters that a header cannot carry', { path });
      else if (isSecretName(name) && !hasReference(value)) {
        const hint = `write ${name}: "\${MY_KEY}" and set MY_KEY in the environment`;
        reject(context, 'holds a secret, which does not belong into a spec', { path, hint });
      }
    }
    return pairs;
  });

const tls = z
  .strictObject({
    ca: text('the path of a PEM file', 'PEM file with the certificate authorities to trust.').optional(),
    cert: text('the path of a PEM file', 'PEM file with the client certificate (mTLS).').optional(),
    key: text('the path of a PEM file', 'PEM file with the key of the client certificate.').optional(),
  })
  .transform(({ ca, cert, key }, context): TlsSpec => {
    if (cert !== undefined && key === undefined)
      reject(context, 'is missing: a client certificate needs its key', { path: ['key'] });
    if (key !== undefined && cert === undefined)
      reject(context, 'is missing: a client key needs its certificate', { path: ['cert'] });
    return {
      ...(ca === undefined ? {} : { caFile: ca }),
      ...(cert === undefined ? {} : { certFile: cert }),
      ...(key === undefined ? {} : { keyFile: key }),
    };
  });

const timeouts = z
  .strictObject({
    firstToken: duration('Longest wait for the first token.').prefault(DEFAULTS.target.timeouts.firstToken),
    idle: duration('Longest silence between two chunks.').prefault(DEFAULTS.target.timeouts.idle),
    total: duration('Longest request; a longer one is cut and counted as censored.').prefault(
      DEFAULTS.target.timeouts.total,
    ),
  })
  .transform(({ firstToken, idle, total }): TimeoutsSpec => ({
    firstTokenSeconds: firstToken,
    idleSeconds: idle,
    totalSeconds: total,
  }));

export const targetSchema = z
  .strictObject({
    url: baseUrl('Base URL of the server, with or without /v1.'),
    model: text('the name of a model', 'Model to ask; absent: the only one that the server lists.')
      .nullable()
      .default(null),
    endpoint: oneOf(['chat', 'completions'], 'API that is asked.').prefault(DEFAULTS.target.endpoint),
    apiKeyEnv: keyVariable('Environment variable that holds the API key.').nullable().default(null),
    headers: headersSchema.prefault({}),
    tls: tls.prefault({}),
    timeouts: timeouts.prefault({}),
  })
  .transform((target): TargetSpec => target);
