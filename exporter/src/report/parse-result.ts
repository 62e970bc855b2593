import { resultSchema, SCHEMA_VERSION, type RunResult } from './result-schema.js';

/** A `result.json` that can't be read: which file, what is wrong with it, and what to do. */
export class ResultError extends Error {
  override readonly name = 'ResultError';
}

/** Reads the text of a `result.json`. `path` is named in errors. @throws ResultError */
export function parseResult(text: string, path: string): RunResult {
  const value = parseJson(text, path);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION) {
    const found = version === undefined ? 'has no schemaVersion' : `has schemaVersion ${JSON.stringify(version)}`;
    const advice =
      typeof version === 'number' && version > SCHEMA_VERSION
        ? 'it was written by a newer Sweepscope: use that one to read it'
        : 'it is not a result of a Sweepscope run';
    throw new ResultError(`${path}: ${found}, this version reads ${SCHEMA_VERSION}; ${advice}`);
  }
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const more = parsed.error.issues.length - 1;
  const rest = more > 0 ? ` (and ${more} more)` : '';
  throw new ResultError(
    `${path}: ${issue.path.join('.')}: ${issue.message}${rest}; the file was changed by hand or damaged`,
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = text.trim() === '' ? 'is empty' : 'is not whole JSON';
    throw new ResultError(
      `${path}: ${why}; it may have been cut off when the disk was full or a copy was interrupted`,
      { cause },
    );
  }
}
