import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FLAGS } from 'sweepscope/dist/cli/node-flags.js';
import type { ClientStart, OursCalls, SimulatorCalls, SimulatorStart } from './calls.js';
import { Child } from './child.js';
import { CLIENT_CORE, SIMULATOR_CORE } from './machine.js';

/** A simulator and a client of it, each in a process of its own, and a folder for what they write. */
export interface Stage {
  url: string;
  client: Child<OursCalls>;
  simulator: Child<SimulatorCalls>;
  folder: string;
}

export interface StageOptions {
  client: 'ours' | 'sink';
  simulator: Omit<SimulatorStart, 'writeLog'>;
  /** Keep the server's own times of each request, in `writeLogOf(stage)`. */
  writeLog: boolean;
  load: Omit<ClientStart, 'url' | 'folder'>;
  /** Flags for the client's Node, e.g. `--cpu-prof`. */
  clientNode: readonly string[];
}

export const writeLogOf = (folder: string): string => join(folder, 'server.jsonl');

/** Runs `play` on a stage that is cleared away afterwards, whatever happens. */
export async function onStage<T>(options: StageOptions, play: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sweepscope-bench-'));
  const simulator = new Child<SimulatorCalls>('./simulator-process.js', SIMULATOR_CORE, NODE_FLAGS);
  const ours = options.client === 'ours' ? NODE_FLAGS : [];
  const client = new Child<OursCalls>(`./${options.client}-process.js`, CLIENT_CORE, [...ours, ...options.clientNode]);
  try {
    const writeLog = options.writeLog ? writeLogOf(folder) : null;
    const { url } = await simulator.ask('start', { ...options.simulator, writeLog });
    await client.ask('start', { ...options.load, url, folder });
    return await play({ url, client, simulator, folder });
  } finally {
    await (options.clientNode.length > 0 ? client.leave() : client.kill());
    await simulator.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
