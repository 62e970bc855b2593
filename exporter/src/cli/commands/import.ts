import { Command, Option } from 'commander';
import type { ImportOptions } from '../actions/import.js';
import { repeated } from './spec-options.js';

const EXAMPLES = `
Examples:
  sweepscope import results/vllm-*.json                  # vLLM bench serve, one file a level
  sweepscope import benchmarks.json                      # GuideLLM, JSON or YAML
  sweepscope import artifacts/                           # AIPerf, every level of a sweep
  sweepscope import report.md --slo ttft.p95=600ms       # a sweep report, with its JSON or only tables
`;

export function importCommand(): Command {
  return new Command('import')
    .description('take in what another tool measured, as a run that report and compare read like our own')
    .argument('<file...>', 'result files of one tool, or folders with them')
    .addOption(
      new Option('--from <tool>', 'whose files they are (else told by their content)').choices([
        'seed',
        'vllm',
        'guidellm',
        'aiperf',
      ]),
    )
    .option('--out <dir>', 'where runs are kept', 'runs')
    .option('--name <name>', 'name of the run')
    .addOption(repeated('--slo <objective>', 'objective to judge the run by, as ttft.p95=600ms; may be repeated'))
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: ImportOptions) => {
      const { importRuns } = await import('../actions/import.js');
      await importRuns(files, options);
    });
}
