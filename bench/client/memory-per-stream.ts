import { setTimeout as sleep } from 'node:timers/promises';
import type { Usage } from './calls.js';
import { openFilesLimit } from './machine.js';
import { onStage } from './stage.js';

export interface MemoryPlan {
  streams: number;
  itlSeconds: number;
  rampSeconds: number;
  holdSeconds: number;
  say: (line: string) => void;
}

export type MemoryResult =
  | { measured: true; streams: number; idle: Usage; full: Usage; rssPerStream: number }
  | { measured: false; streams: number; reason: string };

/** Files that a process has open besides its sockets. */
const OTHER_FILES = 500;
const IDLE_SECONDS = 2;
/** Streams of the idle measurement: the load thread runs and has served. */
const IDLE_STREAMS = 1;
/** Long enough that no stream ends while memory is looked at. */
const ANSWER_SECONDS = 300;

/** Memory of the client process at `streams` open streams that bring a token now and then, less what it takes idle. */
export async function measureMemory(plan: MemoryPlan): Promise<MemoryResult> {
  const { streams, itlSeconds, rampSeconds } = plan;
  const limit = openFilesLimit();
  if (limit < streams + OTHER_FILES) {
    const reason = `the limit of open files is ${limit}: raise it (ulimit -n ${2 * (streams + OTHER_FILES)})`;
    return { measured: false, streams, reason };
  }
  const load = { outputTokens: Math.round(ANSWER_SECONDS / itlSeconds), streams, rampSeconds };
  const simulator = { mode: 'independent', itlSeconds } as const;
  return onStage({ client: 'ours', simulator, writeLog: false, load, clientNode: [] }, async ({ client }) => {
    await client.ask('streams', IDLE_STREAMS);
    await sleep(IDLE_SECONDS * 1000);
    const idle = await client.ask('usage', null);
    await client.ask('streams', streams);
    await sleep((rampSeconds + plan.holdSeconds) * 1000);
    const full = await client.ask('usage', null);
    const rssPerStream = (full.rssBytes - idle.rssBytes) / (full.inFlight - idle.inFlight);
    plan.say(`memory: ${full.inFlight} streams open, ${Math.round(rssPerStream / 1024)} KB each`);
    if (full.inFlight === streams) return { measured: true, streams, idle, full, rssPerStream };
    return { measured: false, streams, reason: `only ${full.inFlight} of ${streams} streams were open` };
  });
}
