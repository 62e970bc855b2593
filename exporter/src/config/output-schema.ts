import * as z from 'zod';
import { DEFAULTS } from './defaults.js';
import { expected, field, flag, number, positiveInteger, reject, text } from './fields.js';
import { byteCount } from './quantities.js';
import { isSecretName } from './secrets.js';
import type { SweepSpec } from './spec.js';

const defaults = DEFAULTS.output;

export const outputSchema = z
  .strictObject({
    dir: text('the path of a folder', 'Folder of the run folders.').prefault(defaults.dir),
    keepRuns: positiveInteger('Runs that are kept; older ones are removed, pinned ones stay.').prefault(
      defaults.keepRuns,
    ),
    keepBytes: byteCount('Space that kept runs may take.').prefault(defaults.keepBytes),
    storeText: flag('Store prompts and answers with the run; not possible yet, they are never stored.')
      .refine((store) => !store, 'is not possible yet: prompts and answers are never stored')
      .prefault(defaults.storeText),
  })
  .transform((output): SweepSpec['output'] => output);

const freeValue = field<string | number | boolean>(
  { type: ['string', 'number', 'boolean'], description: 'A row of the deployment table.' },
  (value, fail) =>
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
      ? value
      : fail(expected('text, a number, or true or false', value)),
);

/** Free pairs for the report; three names have a meaning and a type. */
export const deploymentSchema = z
  .object({
    mode: text('text', 'How requests are routed, e.g. round-robin or KV-aware.').optional(),
    gpus: number('a number above 0', 'GPUs of the deployment.', { min: 0, minIncluded: false }).optional(),
    gpuHourPrice: number('a number from 0', 'Price of one GPU for one hour.', { min: 0 }).optional(),
  })
  .catchall(freeValue)
  .transform((pairs, context): SweepSpec['deployment'] => {
    const given: Record<string, string | number | boolean> = {};
    for (const [name, value] of Object.entries(pairs)) {
      if (value === undefined) continue;
      if (isSecretName(name) && typeof value === 'string') {
        reject(context, 'looks like a secret, which does not belong into a spec', { path: [name], hint: 'remove it' });
      }
      given[name] = value;
    }
    return given;
  });
