import { Command, Option } from 'commander';
import type { ReportOptions } from '../actions/report.js';

export function reportCommand(): Command {
  return new Command('report')
    .description('print the report of a run')
    .argument('<run>', 'folder of the run, or its id')
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['md', 'json', 'csv', 'seed-json', 'html'])
        .default('md'),
    )
    .option('--out <dir>', 'where runs are kept', 'runs')
    .addHelpText('after', '\nExample:\n  sweepscope report runs/<run> --format seed-json | jq .levels\n')
    .action(async (run: string, options: ReportOptions) => {
      const { report } = await import('../actions/report.js');
      report(run, options);
    });
}
