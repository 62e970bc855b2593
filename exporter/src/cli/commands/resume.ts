import { Command } from 'commander';
import type { ResumeOptions } from '../actions/resume.js';
import { withListenOptions } from './listen-options.js';

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('go on with a run that was interrupted: complete windows are kept, the others measured anew')
    .argument('<run>', 'folder of the run, or its id')
    .option('--out <dir>', 'where runs are kept', 'runs');
  return withListenOptions(command)
    .option('--json', 'print machine-readable events, one JSON object per line')
    .option(
      '--linger <seconds>',
      'when something scrapes: how long to wait for the last values to be taken',
      Number,
      60,
    )
    .addHelpText('after', '\nExample:\n  sweepscope resume runs/<run>\n')
    .action(async (run: string, options: ResumeOptions) => {
      const { resume } = await import('../actions/resume.js');
      await resume(run, options);
    });
}
