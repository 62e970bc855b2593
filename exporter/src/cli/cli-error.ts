import { EXIT, type ExitCode } from './exit-codes.js';

/** Ends a command with a message for people and the documented exit code; never with a stack trace. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.usage,
    readonly hint = '',
  ) {
    super(message);
  }
}
