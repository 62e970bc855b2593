import { LIKE_COMMANDS, likeToYaml, specLike } from '../config/like/like.js';
import type { SweepSpec } from '../config/spec.js';
import { CliError } from './cli-error.js';
import type { SpecOptions } from './commands/spec-options.js';
import { parseSpecText, readSpecFile } from './spec-file.js';

export interface LikeOptions extends SpecOptions {
  /** A command line of another tool, instead of a spec. */
  like?: string;
  json?: boolean;
}

/** Reads the spec from a file, or makes it of another tool's command line and prints it. @throws CliError */
export function readSpecOrLike(file: string | undefined, options: LikeOptions): SweepSpec {
  const { like } = options;
  if (file !== undefined && like === undefined) return readSpecFile(file, options);
  if (file !== undefined) throw new CliError(`a spec (${file}) and --like do not go together`, 1, 'give one of them');
  if (like === undefined)
    throw new CliError('there is no spec', 1, `give a YAML file, or --like with ${LIKE_COMMANDS}`);
  const made = specLike(like);
  if ('problems' in made)
    throw new CliError(
      `--like: no spec can ask for the load of ${made.tool}\n${made.problems.map((problem) => `  ${problem}`).join('\n')}`,
      1,
      'leave these out, and see docs/coming-from/ for what there is instead',
    );
  const text = likeToYaml(made);
  const spec = parseSpecText(text, '--like', options);
  // With --json standard output holds events only.
  if (options.json === true) console.error(text);
  else console.log(text);
  return spec;
}
