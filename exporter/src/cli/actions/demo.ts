import { fileURLToPath } from 'node:url';
import type { ListenOptions } from '../commands/listen-options.js';
import { startHost } from '../host.js';
import { waitForScrapes } from '../linger.js';
import { openOutput } from '../output/open-output.js';
import { untilSignalled } from '../signals.js';
import { readSpecFile } from '../spec-file.js';
import { startSimulatorProcess, type SimulatorProcess } from '../simulator-process.js';
import { exitCodeOf } from '../verdict.js';
import { watchRun } from '../watch-run.js';
import { hostParts } from './run.js';

export interface DemoOptions extends ListenOptions {
  once?: boolean;
  out: string;
  profile: string;
  linger: number;
}

const QUICK_SPEC = fileURLToPath(new URL('../../../../examples/quick.yaml', import.meta.url));

/** The whole of Sweepscope on one machine: the simulator, and the quick sweep of it, live here and on /metrics. */
export async function demo(options: DemoOptions): Promise<void> {
  const simulator = await startSimulatorProcess(['--profile', options.profile]);
  try {
    await sweepSimulator(simulator, options);
  } finally {
    await simulator.stop();
  }
}

async function sweepSimulator(simulator: SimulatorProcess, options: DemoOptions): Promise<void> {
  const spec = readSpecFile(QUICK_SPEC, { set: [], target: simulator.url, out: options.out });
  const withoutModel = { ...spec, target: { ...spec.target, model: null } };
  const host = await startHost({ ...options, ...hostParts(withoutModel), logLevel: 'warn' });
  try {
    const output = openOutput({ json: false, spec });
    output.say(`simulator ${simulator.url} (profile ${options.profile})`);
    output.say(`live page ${host.server.pageUrl}`);
    output.say(`metrics   ${host.server.metricsUrl}`);
    const finished = await watchRun(host.sidecar, { spec: withoutModel }, output);
    output.end(finished.result, finished.dir);
    process.exitCode = exitCodeOf(finished);
    if (options.once === true) {
      await waitForScrapes(host.scrapes, options.linger, (message) => output.say(message));
      console.log(`run ${finished.dir}`);
      return;
    }
    output.say('the sidecar stays up: look at the live page and the metrics, end with Ctrl-C');
    await untilSignalled();
  } finally {
    await host.server.close();
  }
}
