import * as z from 'zod';
import { expected, field, flag, isMap, number, positiveInteger, reject } from './fields.js';
import { isSecretName } from './secrets.js';
import type { RequestSpec } from './spec.js';

/** Body fields that the client sets, and where to set them instead. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  model: 'use target.model',
  messages: 'use workload',
  prompt: 'use workload',
  stream: 'answers are always streamed',
  stream_options: 'the client asks for usage by itself',
  max_tokens: 'use request.maxTokens or the output tokens of the workload',
  max_completion_tokens: 'use request.maxTokens or the output tokens of the workload',
  temperature: 'use request.temperature',
  ignore_eos: 'use request.ignoreEos',
  n: 'one answer a request is measured',
  best_of: 'one answer a request is measured',
};

const stream = field<true>({ const: true, description: 'Always true.' }, (value, fail) => {
  if (value === true) return true;
  if (value !== false) return fail(expected('true', value));
  return fail('must be true: without streaming there is no first token to measure', { hint: 'remove the line' });
});

const extraBody = field<Record<string, unknown>>(
  { type: 'object', description: 'Further fields of the request body, sent as they are.' },
  (value, fail) => (isMap(value) ? value : fail(expected('a map of body fields', value))),
).transform((body, context) => {
  for (const name of Object.keys(body)) {
    const instead = OWN_FIELDS[name];
    if (instead !== undefined) reject(context, 'is set by the client itself', { path: [name], hint: instead });
    else if (isSecretName(name)) {
      const hint = 'use target.apiKeyEnv, or target.headers with ${NAME}';
      reject(context, 'looks like a secret, which does not belong into a spec', { path: [name], hint });
    }
  }
  return body;
});

export const requestSchema = z
  .strictObject({
    maxTokens: positiveInteger('Most output tokens of a request, whatever the workload asks.').nullable().default(null),
    temperature: number('a number from 0 to 2', 'Sampling temperature.', { min: 0, max: 2 }).nullable().default(null),
    ignoreEos: flag('Ask the server not to end an answer early.').nullable().default(null),
    extraBody: extraBody.prefault({}),
    stream: stream.prefault(true),
  })
  .transform((request): RequestSpec => request);
