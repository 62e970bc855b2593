import { Command, Option } from 'commander';

/** What all commands that take a sweep spec have in common. */
export interface SpecOptions {
  target?: string;
  model?: string;
  levels?: string;
  name?: string;
  out?: string;
  set: string[];
  /** Searches for the SLO boundary after the levels. */
  refine?: boolean;
}

export function withSpecOptions(command: Command): Command {
  return command
    .option('--target <url>', 'base URL of the server (target.url)')
    .option('--model <name>', 'model to ask for (target.model)')
    .option('--levels <list>', 'levels, as 1,2,4 or 10..100/10 (load.levels)')
    .option('--name <name>', 'name of the run')
    .option('--out <dir>', 'where runs are kept (output.dir)')
    .addOption(repeated('--set <path=value>', 'override any key of the spec; may be repeated'));
}

/** An option that may be repeated: its values in a list, empty at first. */
export function repeated(flags: string, description: string): Option {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return new Option(flags, description).argParser(collect).default([], 'none');
}
