import * as z from 'zod';
import type { GrafanaSpec } from './spec.js';
import { baseUrl, keyVariable } from './target-schema.js';

/** Annotations of levels and runs in a Grafana. */
export const grafanaSchema = z
  .strictObject({
    url: baseUrl('Grafana that gets an annotation for each window and run; with the path that it is served under.'),
    tokenEnv: keyVariable('Environment variable with the token of a service account that may write annotations.')
      .nullable()
      .default(null),
  })
  .transform((grafana): GrafanaSpec => grafana);
