import { Command, InvalidArgumentError, Option } from 'commander';
import type { CompareRunsOptions } from '../actions/compare.js';

const EXAMPLES = `
Examples:
  sweepscope compare runs/<before> runs/<after>
  sweepscope compare baseline/result.json runs/<after> --format json | jq .verdict
  sweepscope compare runs/<before> runs/<after> --fail-on-regression    # in CI: exit code 99 when something is worse

With --fail-on-regression: 0 no regression, 3 the runs are not comparable, 99 regression.
`;

export function compareCommand(): Command {
  return new Command('compare')
    .description('hold a run against another, level by level: is it better, worse, the same, or can it not be told')
    .argument('<base>', 'folder of a run, its id, or a result.json')
    .argument('<candidate>', 'the run that is held against it')
    .addOption(new Option('--format <format>', 'what to print').choices(['md', 'json']).default('md'))
    .option('--out <dir>', 'where runs are kept', 'runs')
    .addOption(
      new Option('--least-effect <percent>', 'differences within ± this are none that matter')
        .argParser(percent)
        .default(0.05, '5%'),
    )
    .addOption(
      new Option('--error-limit <percent>', 'from this share of failures on, times are those of survivors')
        .argParser(percent)
        .default(0.05, '5%'),
    )
    .option('--fail-on-regression', 'exit with 99 when the candidate is worse')
    .addHelpText('after', EXAMPLES)
    .action(async (base: string, candidate: string, options: CompareRunsOptions) => {
      const { compare } = await import('../actions/compare.js');
      await compare(base, candidate, options);
    });
}

/** `5` or `5%` as 0.05. */
function percent(text: string): number {
  const value = Number(text.replace(/\s*%$/, ''));
  if (!(value > 0 && value < 100))
    throw new InvalidArgumentError('must be a percentage above 0 and below 100, e.g. 5%');
  return value / 100;
}
