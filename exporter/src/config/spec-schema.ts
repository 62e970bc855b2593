import * as z from 'zod';
import { field, expected, number, reject } from './fields.js';
import { grafanaSchema } from './grafana-schema.js';
import { loadSchema } from './load-schema.js';
import { deploymentSchema, outputSchema } from './output-schema.js';
import { requestSchema } from './request-schema.js';
import { sloSchema } from './slo-schema.js';
import type { SweepSpec } from './spec.js';
import { targetSchema } from './target-schema.js';
import { telemetrySchema } from './telemetry-schema.js';
import { workloadSchema } from './workload-schema.js';

const MAX_NAME = 100;

const name = field<string>(
  {
    type: 'string',
    minLength: 1,
    maxLength: MAX_NAME,
    description: 'Name of the sweep; default: the name of the file.',
  },
  (value, fail) =>
    typeof value === 'string' && /^[^\p{Cc}]+$/u.test(value) && value.trim() !== '' && value.length <= MAX_NAME
      ? value
      : fail(expected(`text of at most ${MAX_NAME} characters on one line`, value)),
);

/** The whole spec: what is written on the way in, the resolved form on the way out. */
export const specSchema = z
  .strictObject({
    name: name.prefault('sweep'),
    target: targetSchema,
    request: requestSchema.prefault({}),
    load: loadSchema,
    workload: workloadSchema,
    slo: sloSchema.prefault({}),
    telemetry: telemetrySchema.prefault('auto'),
    deployment: deploymentSchema.prefault({}),
    alertUpTo: number('a number above 0', 'Highest level whose alerts are not muted.', { min: 0, minIncluded: false })
      .nullable()
      .default(null),
    grafana: grafanaSchema.nullable().default(null),
    output: outputSchema.prefault({}),
  })
  .transform((spec, context): SweepSpec => {
    if (spec.load.search !== null && spec.slo.latency.length === 0 && !(spec.slo.errorRatio! > 0)) {
      const hint = 'e.g. slo: {ttft: {p95: 600ms}, tpot: {p95: 60ms}}';
      reject(context, 'needs an objective to search for', { path: ['load', 'search'], hint });
    }
    return spec;
  });
