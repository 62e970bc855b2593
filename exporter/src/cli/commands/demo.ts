import { Command } from 'commander';
import type { DemoOptions } from '../actions/demo.js';
import { withListenOptions } from './listen-options.js';

export function demoCommand(): Command {
  return withListenOptions(new Command('demo').description('sweep the built-in simulator: what npm start does'))
    .option('--once', 'end when the sweep is done; the last line is "run <folder>"')
    .option('--out <dir>', 'where runs are kept', 'runs')
    .option('--profile <name>', 'simulated server', 'l4-qwen0.5b')
    .option(
      '--linger <seconds>',
      'with --once, when something scrapes: how long to wait for the last values',
      Number,
      60,
    )
    .action(async (options: DemoOptions) => {
      const { demo } = await import('../actions/demo.js');
      await demo(options);
    });
}
