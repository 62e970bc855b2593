import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { duration } from './duration.js';
import { oneOf, positiveInteger, reject, scalarOrMap, text } from './fields.js';
import type { FollowUp } from './spec.js';
import { baseUrl, keyVariable } from './target-schema.js';

const defaults = DEFAULTS.workload.followUp;

const word = oneOf(['fixed', 'template'], 'The built-in sentence, or the built-in templates.').transform(
  (kind): FollowUp =>
    kind === 'fixed' ? { kind, text: defaults.fixed } : { kind, templates: [...defaults.templates] },
);

const model = z
  .strictObject({
    url: baseUrl('Base URL of the server that plays the user.'),
    model: text('the name of a model', 'Model that plays the user.'),
    apiKeyEnv: keyVariable('Environment variable that holds its API key.').nullable().default(null),
    maxTokens: positiveInteger('Longest question, in tokens.').prefault(defaults.model.maxTokens),
    timeout: duration('Longest wait for a question; then the conversation ends as failed.').prefault(
      defaults.model.timeout,
    ),
  })
  .transform(({ timeout, ...rest }): FollowUp => ({ kind: 'model', ...rest, timeoutSeconds: timeout }));

const map = z
  .strictObject({
    fixed: text('text', 'The one sentence that follows every answer.').optional(),
    template: z.array(text('text', 'A question.')).min(1).optional(),
    model: model.optional(),
  })
  .transform((written, context): FollowUp => {
    const found: FollowUp[] = [];
    if (written.fixed !== undefined) found.push({ kind: 'fixed', text: written.fixed });
    if (written.template !== undefined) found.push({ kind: 'template', templates: written.template });
    if (written.model !== undefined) found.push(written.model);
    if (found.length === 1) return found[0]!;
    const hint = 'write fixed, template, {fixed: text}, {template: [texts]} or {model: {url, model}}';
    reject(context, 'must be exactly one kind of follow-up', { hint });
    return z.NEVER;
  });

/** What the user says after an answer: the word alone for the built-in texts, or a map with one's own. */
export const followUpSchema = scalarOrMap(word, map, 'What the user says after an answer.');
