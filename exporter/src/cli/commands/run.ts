import { Command } from 'commander';
import type { RunOptions } from '../actions/run.js';
import { withListenOptions } from './listen-options.js';
import { withSpecOptions } from './spec-options.js';

const EXAMPLES = `
Examples:
  sweepscope run examples/quick.yaml
  sweepscope run sweep.yaml --target http://vllm:8000 --levels 8,16,32,64
  sweepscope run sweep.yaml --set load.warmup=60s --set slo.ttft.p95=600ms
  sweepscope run sweep.yaml --refine                                    # then close in on the highest level within the SLO
  sweepscope run --like "vllm bench serve --backend openai-chat ..."     # or guidellm run, aiperf profile
  sweepscope run sweep.yaml --require-level 32 --json > events.jsonl    # in CI: exit code 99 if 32 users miss the SLO
`;

export function runCommand(): Command {
  const command = new Command('run')
    .description('sweep a server through the levels of a spec, live here and on /metrics, and write the report')
    .argument('[spec]', 'sweep spec, a YAML file');
  return withListenOptions(withSpecOptions(command))
    .option(
      '--like <command>',
      "instead of a spec: take the load of another tool's command line, and print it as a spec",
    )
    .option('--refine', 'after the levels, search for the SLO boundary between them (load.search)')
    .option('--dry-run', 'print the plan with its duration, and send nothing')
    .option('--json', 'print machine-readable events, one JSON object per line')
    .option('--require-level <load>', 'exit with 99 unless this level meets every SLO', Number)
    .option(
      '--linger <seconds>',
      'when something scrapes: how long to wait for the last values to be taken',
      Number,
      60,
    )
    .addHelpText('after', EXAMPLES)
    .action(async (spec: string | undefined, options: RunOptions) => {
      const { run } = await import('../actions/run.js');
      await run(spec, options);
    });
}
