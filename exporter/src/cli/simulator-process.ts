import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.js';
import { NODE_FLAGS } from './node-flags.js';

/** A simulator in a process of its own, so that it does not share an event loop with what measures it. */
export interface SimulatorProcess {
  url: string;
  stop(): Promise<void>;
}

const BIN = fileURLToPath(new URL('../../bin/sweepscope.js', import.meta.url));
const STARTED = /^simulating .* on (http:\S+)$/;

/** Starts `sweepscope simulate` on a free port. @throws CliError when it does not come up */
export async function startSimulatorProcess(options: readonly string[]): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [...NODE_FLAGS, BIN, 'simulate', '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // Ctrl-C in the terminal goes to us alone: the sweep ends before its server does
  });
  const url = await Promise.race([readUrl(child), failure(child)]);
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function readUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = STARTED.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new CliError('the simulator ended before it was up');
}

async function failure(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new CliError(`the simulator did not start (exit code ${code ?? 'none'})`);
}
