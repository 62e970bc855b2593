import type { FinishedRun } from '../sweep/finish.js';
import type { Launch, Sidecar } from '../server/sidecar.js';
import { StoreError } from '../store/store-error.js';
import { TargetError, type TargetErrorKind } from '../target/target-error.js';
import { WorkloadError } from '../workload/workload-error.js';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { Output } from './output/open-output.js';
import { onSignal } from './signals.js';

/** What is wrong with the spec rather than with the server. */
const CONFIGURATION: readonly TargetErrorKind[] = ['configuration', 'bad_request', 'model_not_found'];

/**
 * Starts a run and shows it until it is over. The first signal stops it in order, the second one at once.
 * @throws CliError with the documented exit code when it can't be started
 */
export async function watchRun(
  sidecar: Sidecar,
  launch: Launch,
  output: Output,
): Promise<FinishedRun & { dir: string }> {
  const stopListening = onSignal((signal, count) => {
    if (count > 1) process.exit(EXIT.aborted);
    output.say(`${signal}: finishing the requests under way (again: end at once)`);
    if (sidecar.current === null) process.exit(EXIT.aborted);
    sidecar.current.session.stop(`stopped by ${signal}`);
  });
  try {
    const active = await sidecar.launch(launch, (event) => output.event(event));
    const finished = await active.done;
    return { ...finished, dir: active.dir };
  } catch (error) {
    throw explained(error);
  } finally {
    // A signal after the run is for whoever waits then, as the demo does, which has a simulator to end.
    stopListening();
  }
}

/** Errors that people can do something about, with their exit code; others as they are. */
export function explained(error: unknown): unknown {
  if (error instanceof TargetError) return new CliError(error.message, exitCodeOf(error.kind));
  if (error instanceof WorkloadError || error instanceof StoreError) return new CliError(error.message);
  return error;
}

function exitCodeOf(kind: TargetErrorKind): ExitCode {
  return CONFIGURATION.includes(kind) ? EXIT.usage : EXIT.targetUnreachable;
}
