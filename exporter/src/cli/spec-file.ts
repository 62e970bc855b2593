import { readFileSync } from 'node:fs';
import { parseSpec } from '../config/parse.js';
import { setOverride, type SpecOverride } from '../config/overrides.js';
import { formatProblems, type SpecProblem } from '../config/problems.js';
import type { SweepSpec } from '../config/spec.js';
import { CliError } from './cli-error.js';
import type { SpecOptions } from './commands/spec-options.js';

/** Reads a spec with the environment's and the command's overrides. @throws CliError that lists every problem */
export function readSpecFile(file: string, options: SpecOptions): SweepSpec {
  return parseSpecText(readText(file), file, options);
}

/** As `readSpecFile`, of text. */
export function parseSpecText(text: string, sourceName: string, options: SpecOptions): SweepSpec {
  const sets = options.set.map((argument) => setOverride(argument));
  const wrong = sets.filter((set): set is SpecProblem => 'message' in set);
  const overrides = [...sets.filter((set): set is SpecOverride => !('message' in set)), ...flagOverrides(options)];
  const asWritten = parseSpec(text, { env: process.env, overrides, sourceName });
  const lacksSearch = options.refine === true && !('problems' in asWritten) && asWritten.spec.load.search === null;
  const refined = [...overrides, { path: 'load.search', value: {}, origin: '--refine' }];
  const parsed = lacksSearch ? parseSpec(text, { env: process.env, overrides: refined, sourceName }) : asWritten;
  if ('spec' in parsed && wrong.length === 0) return parsed.spec;
  const problems = [...wrong, ...('problems' in parsed ? parsed.problems : [])];
  throw new CliError(
    `the sweep spec has problems\n${formatProblems(problems)}`,
    1,
    'see "sweepscope schema" and examples/',
  );
}

/** Named flags, which win over `--set`. */
function flagOverrides(options: SpecOptions): SpecOverride[] {
  const named: [origin: string, path: string, value: string | undefined][] = [
    ['--target', 'target.url', options.target],
    ['--model', 'target.model', options.model],
    ['--levels', 'load.levels', options.levels],
    ['--name', 'name', options.name],
    ['--out', 'output.dir', options.out],
  ];
  return named.flatMap(([origin, path, value]) => (value === undefined ? [] : [{ path, value, origin }]));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new CliError(`cannot read the sweep spec ${file}: ${why}`, 1, 'examples/ has one to start from');
  }
}
