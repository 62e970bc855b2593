import { setTimeout as sleep } from 'node:timers/promises';
import { onStage } from './stage.js';
import { measureWindow, type Patience, type Window } from './window.js';

export type ClientName = 'ours' | 'sink';

export interface CpuRound {
  client: ClientName;
  round: number;
  streams: number;
  window: Window;
}

export interface CpuPlan {
  streams: readonly number[];
  rounds: number;
  settleSeconds: number;
  windowSeconds: number;
  patience: Patience;
  clientNode: readonly string[];
  say: (line: string) => void;
}

const OUTPUT_TOKENS = 200;
const ITL_SECONDS = 0.02;
/** One answer: 200 ms and 199 tokens of 20 ms. */
export const RAMP_SECONDS = 4.2;

/** CPU time per chunk of our client and of the bare sink, in turns: ours, sink, ours, sink … */
export async function measureCpu(plan: CpuPlan): Promise<CpuRound[]> {
  const rounds: CpuRound[] = [];
  for (let round = 1; round <= plan.rounds; round++) {
    for (const client of ['ours', 'sink'] as const) rounds.push(...(await oneTurn(plan, client, round)));
  }
  return rounds;
}

async function oneTurn(plan: CpuPlan, client: ClientName, round: number): Promise<CpuRound[]> {
  const load = { outputTokens: OUTPUT_TOKENS, streams: Math.max(...plan.streams), rampSeconds: RAMP_SECONDS };
  const simulator = { mode: 'independent', itlSeconds: ITL_SECONDS } as const;
  const clientNode = client === 'ours' ? plan.clientNode : [];
  return onStage({ client, simulator, writeLog: false, load, clientNode }, async (stage) => {
    const rounds: CpuRound[] = [];
    for (const streams of plan.streams) {
      await stage.client.ask('streams', streams);
      await sleep((RAMP_SECONDS + plan.settleSeconds) * 1000);
      const window = await measureWindow(stage, plan.windowSeconds, plan.patience);
      rounds.push({ client, round, streams, window });
      const micros = window.clientCpuMicrosPerChunk.toFixed(1);
      plan.say(`CPU per chunk, ${client}, round ${round}, ${streams} streams: ${micros} µs`);
    }
    return rounds;
  });
}
