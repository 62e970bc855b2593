import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MODEL_NAME, prepareVllm, startVllm } from '../vllm/server.js';
import type { Target } from './cells.js';
import type { ServerUnderTest } from './tools.js';

export interface RunningServer extends ServerUnderTest {
  stop(): Promise<void>;
}

const SLOTS = 8;
const SERVER_CORE = 0;
const log = (line: string): void => console.error(line);

/** Starts a server and keeps it on its core. */
export function startServer(target: Target, root: string): Promise<RunningServer> {
  return target === 'vllm' ? startRealVllm() : startSimulator(root);
}

/** Slots for eight requests at once: with more users the others wait in its queue. */
async function startRealVllm(): Promise<RunningServer> {
  await prepareVllm(log);
  const { url, pid, stop } = await startVllm({
    maxNumSeqs: SLOTS,
    maxModelLen: 8192,
    kvCacheGiB: 1,
    kvCacheBlocks: null,
    log,
  });
  pinGroup(pid);
  return { url, model: MODEL_NAME, stop };
}

/** Sends all processes of a group to the server's core, once they run: starting on one core takes vLLM many minutes. */
function pinGroup(leader: number): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      continue; // It has ended meanwhile.
    }
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) !== leader) continue;
    const { status } = spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(SERVER_CORE), name]);
    if (status !== 0) throw new Error(`cannot pin process ${name} of vLLM to core ${SERVER_CORE}`);
  }
}

/** First token after 200 ms, then one each 20 ms, any number of streams, each ticking by itself. */
async function startSimulator(root: string): Promise<RunningServer> {
  const bin = join(root, 'exporter/bin');
  const flags = JSON.parse(readFileSync(join(bin, 'node-flags.json'), 'utf8')) as string[];
  const args = [join(bin, 'sweepscope.js'), 'simulate', '--profile', 'bench', '--mode', 'independent', '--port', '0'];
  const child = spawn('taskset', ['-c', String(SERVER_CORE), process.execPath, ...flags, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, model, url] = /\((\S+)\) on (http:\S+)/.exec(line) ?? [];
    if (url === undefined || model === undefined) continue;
    child.stdout.resume();
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await exited;
    };
    return { url, model, stop };
  }
  throw new Error('the simulator ended before it said its address');
}
