import type { JsonSchema } from './fields.js';
import { inputSchema } from './fields.js';
import { specSchema } from './spec-schema.js';

const TITLE = 'Sweepscope sweep spec';
const DESCRIPTION =
  'One sweep: which server is asked, what, at which levels, and what counts as good enough. Durations are written as ' +
  '500ms, 60s, 5m or 1h; bare numbers are seconds where they are allowed.';

let generated: JsonSchema | null = null;

/** JSON Schema (draft 2020-12) of what may be written in a sweep spec, for editors and for `sweepscope schema`. */
export function exportJsonSchema(): JsonSchema {
  generated ??= {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: TITLE,
    description: DESCRIPTION,
    ...inputSchema(specSchema),
  };
  return generated;
}

/** The text of `docs/schema/sweep-spec.schema.json`. */
export function generateSpecSchema(): string {
  return `${JSON.stringify(exportJsonSchema(), null, 2)}\n`;
}
