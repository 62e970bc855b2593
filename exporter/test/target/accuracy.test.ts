import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RealClock } from '../../src/clock/real-clock.js';
import { HttpTarget } from '../../src/target/http-target.js';
import { QUESTION, send, targetConfig, type Heard } from './asking.js';

interface Entry {
  received: number;
  written: number[];
}
interface Differences {
  ttft: number[];
  itl: number[];
  tpot: number[];
  e2e: number[];
}

const STREAMS = 200;
const LIMIT_SECONDS = 0.001;
/** Other work on the machine may spoil a round; an error of the client spoils every one. */
const ROUNDS = 8;

let server: ChildProcess;
let port: number;

beforeAll(async () => {
  server = fork(join(import.meta.dirname, 'timing-server.mjs'), { execArgv: [] });
  const [message] = (await once(server, 'message')) as [{ port: number }];
  port = message.port;
});
afterAll(() => {
  server.disconnect();
});

async function round(name: string): Promise<Differences> {
  const capabilities = { usage: true, continuousUsage: true };
  const clock = new RealClock();
  const target = new HttpTarget(targetConfig(`http://127.0.0.1:${port}`, { capabilities }), clock);
  const all = await Promise.all(
    Array.from({ length: STREAMS }, async (_, index) => {
      const channel = target.channel();
      await channel.warm();
      await new Promise<void>((resolve) => clock.timer(0.3 + (index / STREAMS) * 1.2, resolve));
      return send(channel, QUESTION, { requestId: `${name}-${index}`, collectText: false }).ended;
    }),
  );
  await target.close();
  server.send('log');
  const [message] = (await once(server, 'message')) as [{ log: [string, Entry][] }];
  return compare(all, new Map(message.log));
}

/** What the client measured minus what the server logged, for each request (ITL: for each gap). */
function compare(all: readonly Heard[], log: ReadonlyMap<string, Entry>): Differences {
  const differences: Differences = { ttft: [], itl: [], tpot: [], e2e: [] };
  for (const { exchange, tokens } of all) {
    const { received, written } = log.get(exchange.requestId)!;
    expect([exchange.outcome, tokens.length, exchange.outputTokens]).toEqual(['ok', written.length, written.length]);
    const completedAt = Math.max(exchange.lastTokenAt, exchange.finishedAt);
    const gaps = written.length - 1;
    const last = written[gaps]!;
    differences.ttft.push(exchange.firstTokenAt - exchange.startedAt - (written[0]! - received));
    differences.e2e.push(completedAt - exchange.startedAt - (last - received));
    differences.tpot.push((completedAt - exchange.firstTokenAt) / gaps - (last - written[0]!) / gaps);
    for (let n = 1; n <= gaps; n++) differences.itl.push(tokens[n]!.gapSeconds - (written[n]! - written[n - 1]!));
  }
  return differences;
}

function p99(values: readonly number[]): number {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  return sorted[Math.ceil(0.99 * sorted.length) - 1]!;
}

describe('against a server that logs what it wrote, 200 independent streams', () => {
  it('TTFT, ITL, TPOT and E2E are right to 1 ms at p99, and none that begins at the start is flattered', async () => {
    const best = { ttft: Infinity, itl: Infinity, tpot: Infinity, e2e: Infinity };
    let earliest = Infinity;
    for (let n = 1; n <= ROUNDS && Object.values(best).some((value) => value > LIMIT_SECONDS); n++) {
      const { ttft, itl, tpot, e2e } = await round(`r${n}`);
      best.ttft = Math.min(best.ttft, p99(ttft));
      best.itl = Math.min(best.itl, p99(itl));
      best.tpot = Math.min(best.tpot, p99(tpot));
      best.e2e = Math.min(best.e2e, p99(e2e));
      earliest = Math.min(earliest, ...ttft, ...e2e);
    }
    for (const [metric, value] of Object.entries(best)) {
      expect({ metric, error: value <= LIMIT_SECONDS ? 'within 1 ms' : `${value} s` }).toEqual({
        metric,
        error: 'within 1 ms',
      });
    }
    expect(earliest).toBeGreaterThanOrEqual(-LIMIT_SECONDS);
  }, 90_000);
});
