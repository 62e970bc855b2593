import * as z from 'zod';
import { expected, field, reject } from './fields.js';
import type { ResetCacheSpec } from './spec.js';
import { pageUrl } from './telemetry-schema.js';

const path = field<string>(
  { type: 'string', pattern: '^/', description: 'Path on the target, e.g. /reset_prefix_cache or /flush_cache.' },
  (value, fail) =>
    typeof value === 'string' && /^\/(?!\/)[\x21-\x7e]*$/.test(value)
      ? value
      : fail(expected('a path such as /reset_prefix_cache', value)),
);

/** Where the server is asked to forget its prefix cache before each level. */
export const resetCacheSchema = z
  .strictObject({
    path: path.optional(),
    url: pageUrl('URL to POST to, where it is not on the target.').optional(),
  })
  .transform((written, context): ResetCacheSpec => {
    if (written.path !== undefined && written.url === undefined) return { path: written.path };
    if (written.url !== undefined && written.path === undefined) return { url: written.url };
    reject(context, 'needs either path or url', { hint: 'write resetCache: {path: /reset_prefix_cache}' });
    return z.NEVER;
  });
