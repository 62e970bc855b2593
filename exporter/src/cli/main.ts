import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/version.js';
import { CliError } from './cli-error.js';
import { backfillCommand } from './commands/backfill.js';
import { compareCommand } from './commands/compare.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { importCommand } from './commands/import.js';
import { pinCommand } from './commands/pin.js';
import { reportCommand } from './commands/report.js';
import { resumeCommand } from './commands/resume.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { serveCommand } from './commands/serve.js';
import { simulateCommand } from './commands/simulate.js';
import { EXIT } from './exit-codes.js';

const EXAMPLES = `
Examples:
  sweepscope run examples/quick.yaml --target http://127.0.0.1:8000
  sweepscope run sweep.yaml --levels 1,2,4,8,16,32 --require-level 16
  sweepscope run sweep.yaml --dry-run
  sweepscope doctor sweep.yaml
  sweepscope simulate --profile l4-qwen0.5b --port 8000
  sweepscope report runs/<run> --format csv
  sweepscope compare runs/<before> runs/<after>
  sweepscope import results/vllm-*.json

Exit codes: 0 ok, 1 usage or configuration, 2 target unreachable, 3 aborted or no valid window, 99 SLO missed or regression.
`;

function program(): Command {
  const root = new Command('sweepscope')
    .description('Live, trustworthy load sweeps for OpenAI-compatible inference servers')
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(see --help)')
    .exitOverride();
  const commands = [
    runCommand(),
    serveCommand(),
    resumeCommand(),
    simulateCommand(),
    reportCommand(),
    compareCommand(),
    importCommand(),
    doctorCommand(),
    backfillCommand(),
    pinCommand(),
    schemaCommand(),
  ];
  for (const command of commands) root.addCommand(command.exitOverride());
  return root.addCommand(demoCommand().exitOverride(), { hidden: true });
}

/** A closed pipe (`| head`) is no error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const sweepscope = program();
  refuseUnknown(sweepscope, process.argv[2]);
  await sweepscope.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** `--help` after a command that there is not would otherwise show the general help as if all were well. */
function refuseUnknown(root: Command, word: string | undefined): void {
  if (word === undefined || word.startsWith('-') || word === 'help') return;
  const known = root.commands.some((command) => command.name() === word);
  if (!known) root.error(`error: unknown command '${word}'`);
}

/** Prints what went wrong, and returns the exit code. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError) {
    console.error(`error: ${error.message}`);
    if (error.hint !== '') console.error(`hint: ${error.hint}`);
    return error.exitCode;
  }
  const detail =
    error instanceof Error ? (process.env['SWEEPSCOPE_DEBUG'] ? error.stack : error.message) : String(error);
  console.error(`internal error: ${detail ?? 'unknown'}`);
  console.error('hint: this is a fault of sweepscope; set SWEEPSCOPE_DEBUG=1 to see where it happened');
  return EXIT.usage;
}
