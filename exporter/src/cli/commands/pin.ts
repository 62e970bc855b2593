import { Command } from 'commander';

export function pinCommand(): Command {
  return new Command('pin')
    .description('keep a run for ever: it is not removed with old ones, and /metrics goes on showing it')
    .argument('<run>', 'folder of the run, or its id')
    .option('--out <dir>', 'where runs are kept', 'runs')
    .option('--remove', 'take the pin away')
    .action(async (run: string, options: { out: string; remove?: boolean }) => {
      const { pin } = await import('../actions/pin.js');
      pin(run, options);
    });
}
