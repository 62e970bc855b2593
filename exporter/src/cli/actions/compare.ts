import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { compareRuns } from '../../analysis/compare/compare.js';
import { DEFAULT_COMPARE, NoCommonLevels, type ComparedRun, type RunComparison } from '../../analysis/compare/types.js';
import { renderCompareJson } from '../../report/compare-json.js';
import { renderCompareMarkdown } from '../../report/compare-markdown.js';
import { comparedRun } from '../../report/compared-run.js';
import { parseResult } from '../../report/parse-result.js';
import { readRequests } from '../../store/run-folder.js';
import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { orCliError, runFolder, runResult } from '../stored-run.js';

export interface CompareRunsOptions {
  format: 'md' | 'json';
  out: string;
  leastEffect: number;
  errorLimit: number;
  failOnRegression?: boolean;
}

/** Prints how a candidate run differs from a base; the exit code tells of regressions when asked to. */
export async function compare(base: string, candidate: string, options: CompareRunsOptions): Promise<void> {
  const [one, other] = [await readSide(base, options.out), await readSide(candidate, options.out)];
  if (one.id === other.id) throw new CliError(`both are the run ${one.id}`, EXIT.usage, 'name two different runs');
  const comparison = held(one, other, options);
  process.stdout.write(options.format === 'json' ? renderCompareJson(comparison) : renderCompareMarkdown(comparison));
  if (options.failOnRegression === true) process.exitCode = exitCodeOf(comparison);
}

/** A run by folder, id or `result.json`; its requests are read where they lie beside. @throws CliError */
async function readSide(path: string, out: string): Promise<ComparedRun> {
  const isFile = existsSync(path) && statSync(path).isFile();
  const dir = isFile ? dirname(path) : runFolder(out, path);
  const result = isFile ? orCliError(() => parseResult(readFileSync(path, 'utf8'), path)) : runResult(dir);
  if (result.levels.length === 0) throw new CliError(`${path}: no level was measured in it`);
  return comparedRun(result, (await readRequests(dir)).records);
}

function held(
  base: ComparedRun,
  candidate: ComparedRun,
  { leastEffect, errorLimit }: CompareRunsOptions,
): RunComparison {
  try {
    return compareRuns(base, candidate, { ...DEFAULT_COMPARE, leastEffect, errorLimit });
  } catch (error) {
    if (error instanceof NoCommonLevels)
      throw new CliError(error.message, EXIT.usage, 'measure one of them again with --levels of the other');
    throw error;
  }
}

function exitCodeOf({ verdict, regressions }: RunComparison): ExitCode {
  if (regressions.length > 0) return EXIT.regression;
  return verdict === 'not comparable' ? EXIT.aborted : EXIT.ok;
}
