import * as z from 'zod';
import { number, reject, scalarOrMap } from './fields.js';
import type { Field } from './fields.js';
import type { Distribution } from './spec.js';

/** Without limits of its own a drawn value stays within this many standard deviations. */
const DEFAULT_SPREAD = 4;
const FORMS = 'write a number, {uniform: [a, b]}, {normal: {mean, stddev}} or {lognormal: {median, sigma}}';

interface Limits {
  min?: number | undefined;
  max?: number | undefined;
}

export interface DistributionFields {
  /** Reads a fixed value. */
  fixed: Field<number>;
  /** Reads a parameter in the same unit. */
  parameter: Field<number>;
  /** The least value that makes sense; default draws are clipped there. */
  lowest: number;
}

/**
 * A number, or a distribution: `{uniform: [a, b]}`, `{normal: {mean, stddev, min, max}}`,
 * `{lognormal: {median, sigma, min, max}}`; without `min` and `max` draws are clipped at 4 standard deviations.
 */
export function distribution(
  { fixed, parameter, lowest }: DistributionFields,
  description: string,
): Field<Distribution> {
  const scalar = fixed.transform((value): Distribution => ({ kind: 'fixed', value }));
  const limits = { min: parameter.optional(), max: parameter.optional() };
  const sigma = number('a number above 0', 'Standard deviation of the logarithm.', { min: 0, minIncluded: false });
  const forms = z.strictObject({
    uniform: z.array(parameter).optional(),
    normal: z.strictObject({ mean: parameter, stddev: parameter, ...limits }).optional(),
    lognormal: z.strictObject({ median: parameter, sigma, ...limits }).optional(),
  });
  const map = forms.transform((written, context): Distribution => {
    const found = onlyForm(written, lowest);
    if (found === null) reject(context, 'must be exactly one distribution', { hint: FORMS });
    else if (found.min > found.max) {
      const message = `must have its lower end first, got ${found.min} to ${found.max}`;
      reject(context, message, { path: [found.kind] });
    } else return found;
    return z.NEVER;
  });
  return scalarOrMap(scalar, map, description);
}

interface WrittenForms {
  uniform?: readonly number[] | undefined;
  normal?: (Limits & { mean: number; stddev: number }) | undefined;
  lognormal?: (Limits & { median: number; sigma: number }) | undefined;
}

type Drawn = Exclude<Distribution, { kind: 'fixed' }>;

function onlyForm({ uniform, normal, lognormal }: WrittenForms, lowest: number): Drawn | null {
  const found: Drawn[] = [];
  if (uniform?.length === 2) found.push({ kind: 'uniform', min: uniform[0]!, max: uniform[1]! });
  if (normal) found.push(fromNormal(normal, lowest));
  if (lognormal) found.push(fromLognormal(lognormal, lowest));
  return found.length === 1 ? found[0]! : null;
}

function fromNormal({ mean, stddev, min, max }: NonNullable<WrittenForms['normal']>, lowest: number): Drawn {
  const reach = DEFAULT_SPREAD * stddev;
  return { kind: 'normal', mean, stddev, min: min ?? Math.max(lowest, mean - reach), max: max ?? mean + reach };
}

function fromLognormal({ median, sigma, min, max }: NonNullable<WrittenForms['lognormal']>, lowest: number): Drawn {
  const reach = Math.exp(DEFAULT_SPREAD * sigma);
  return { kind: 'lognormal', median, sigma, min: min ?? Math.max(lowest, median / reach), max: max ?? median * reach };
}
