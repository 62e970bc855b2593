import { parseResult, ResultError } from '../report/parse-result.js';
import type { RunResult } from '../report/result-schema.js';
import { findRun, readResultText } from '../store/runs.js';
import { StoreError } from '../store/store-error.js';
import { CliError } from './cli-error.js';

/** The folder of a run named by path or id. @throws CliError */
export function runFolder(out: string, pathOrId: string): string {
  return orCliError(() => findRun(out, pathOrId));
}

/** The result of a run. @throws CliError when there is none, or it can't be read */
export function runResult(dir: string): RunResult {
  return orCliError(() => {
    const text = readResultText(dir);
    if (text === null) {
      throw new CliError(
        `${dir} has no result yet`,
        1,
        `the run was interrupted before its first level: sweepscope resume ${dir}`,
      );
    }
    return parseResult(text, dir);
  });
}

/** Calls, and turns what is wrong with a run folder into an error for people. */
export function orCliError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreError || error instanceof ResultError) throw new CliError(error.message);
    throw error;
  }
}
