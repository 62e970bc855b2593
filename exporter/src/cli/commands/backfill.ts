import { Command, InvalidArgumentError, Option } from 'commander';
import type { BackfillCommandOptions } from '../actions/backfill.js';

const EXAMPLE = `
Example:
  sweepscope backfill runs/<run> --shift-to now --output run.om
  promtool tsdb create-blocks-from openmetrics run.om /var/lib/prometheus
`;

export function backfillCommand(): Command {
  return new Command('backfill')
    .description('write a finished run as OpenMetrics, for promtool tsdb create-blocks-from openmetrics')
    .argument('<run>', 'folder of the run, or its id')
    .option('--out <dir>', 'where runs are kept', 'runs')
    .option('--output <file>', 'file to write; left out: standard output')
    .option('--step <seconds>', 'time between two samples', step, 15)
    .option('--shift-to <time>', 'move the run so that it ends then: now, or a time as in 2027-01-15T08:00:00Z', shift)
    .addOption(
      new Option('--label <key=value>', 'label of every series, e.g. job=sweepscope; may be repeated')
        .argParser(label)
        .default({}, 'none'),
    )
    .addHelpText('after', EXAMPLE)
    .action(async (run: string, options: BackfillCommandOptions) => {
      const { backfill } = await import('../actions/backfill.js');
      backfill(run, options);
    });
}

function step(text: string): number {
  const seconds = Number(text.replace(/s$/, ''));
  if (seconds >= 1 && seconds <= 300) return seconds;
  throw new InvalidArgumentError('must be from 1 to 300 seconds: Prometheus loses sight of a series after 5 minutes');
}

function shift(text: string): number | 'now' {
  if (text === 'now') return text;
  const seconds = Date.parse(text) / 1000;
  if (Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('must be now, or a time as in 2027-01-15T08:00:00Z');
}

function label(text: string, before: Record<string, string>): Record<string, string> {
  const match = /^([a-zA-Z_]\w*)=(.+)$/.exec(text);
  if (match === null || match[1]!.startsWith('__')) {
    throw new InvalidArgumentError('must be key=value, the key a name of a label');
  }
  return { ...before, [match[1]!]: match[2]! };
}
