import { setTimeout as sleep } from 'node:timers/promises';
import { RAMP_SECONDS } from './cpu-per-chunk.js';
import { IdleProbe } from './idle-probe.js';
import { joinLogs, probeError, readServerLog, requestErrors, type RequestErrors } from './request-errors.js';
import { onStage, writeLogOf } from './stage.js';
import type { Spread } from './statistics.js';
import { measureWindow, type Patience, type Window } from './window.js';

export type TokenTiming = 'independent' | 'burst';

export interface ErrorLevel {
  timing: TokenTiming;
  users: number;
  window: Window;
  errors: RequestErrors;
  /** Error of TTFT of a client without load at the same time: what is not our client's. */
  probe: Spread;
}

export interface ErrorPlan {
  timing: TokenTiming;
  users: readonly number[];
  settleSeconds: number;
  windowSeconds: number;
  patience: Patience;
  clientNode: readonly string[];
  say: (line: string) => void;
}

const OUTPUT_TOKENS = 200;
const ITL_SECONDS = 0.02;
/** Both sides write what they have at least this often. */
const LOGS_SECONDS = 1.2;

/** What our client measures wrongly at each number of users, against the server's own log; levels one after the other. */
export async function measureErrors(plan: ErrorPlan): Promise<ErrorLevel[]> {
  const load = { outputTokens: OUTPUT_TOKENS, streams: Math.max(...plan.users), rampSeconds: RAMP_SECONDS };
  const simulator = { mode: plan.timing, itlSeconds: ITL_SECONDS };
  const { clientNode } = plan;
  return onStage({ client: 'ours', simulator, writeLog: true, load, clientNode }, async (stage) => {
    const probe = new IdleProbe(stage.url);
    const windows: { users: number; window: Window }[] = [];
    for (const users of plan.users) {
      await stage.client.ask('streams', users);
      await sleep((RAMP_SECONDS + plan.settleSeconds) * 1000);
      const window = await measureWindow(stage, plan.windowSeconds, plan.patience);
      windows.push({ users, window });
      plan.say(`error at rate, ${plan.timing}, ${users} users: ${Math.round(window.chunksPerSecond)} chunks/s`);
    }
    const place = await stage.client.ask('place', null);
    await probe.stop();
    await sleep(LOGS_SECONDS * 1000);
    const server = readServerLog(writeLogOf(stage.folder));
    const requests = await joinLogs(place, server);
    return windows.map(({ users, window }) => ({
      timing: plan.timing,
      users,
      window,
      errors: requestErrors(requests, window.from, window.to),
      probe: probeError(probe.requests, server, window.from, window.to),
    }));
  });
}
