import { generateSpecSchema } from '../../config/json-schema.js';
import { generateResultSchema } from '../../report/result-schema.js';

/** Prints a JSON Schema. */
export function schema(of: 'spec' | 'result'): void {
  process.stdout.write(of === 'spec' ? generateSpecSchema() : generateResultSchema());
}
