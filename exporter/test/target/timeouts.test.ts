import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import type { HttpTarget } from '../../src/target/http-target.js';
import { httpTarget, send, type Heard } from './asking.js';
import { delta, document, DONE, END, event, head, ROLE, ScriptedServer } from './scripted-server.js';

const TIMEOUTS = { firstTokenSeconds: 30, idleSeconds: 10, totalSeconds: 120 };
const TOKEN = event(delta({ content: 'a' }));

let clock: VirtualClock;
let server: ScriptedServer;
let target: HttpTarget;
let sockets: Socket[];

beforeEach(async () => {
  clock = new VirtualClock();
  sockets = [];
  server = await ScriptedServer.start((_, socket) => sockets.push(socket));
  target = httpTarget(server.url, { timeouts: TIMEOUTS }, clock);
});
afterEach(async () => {
  await target.close();
  await server.close();
});

/** Sends a request and waits until the server has it. */
async function start(): Promise<Heard> {
  const { heard } = send(target.channel());
  await server.received(sockets.length + 1);
  return heard;
}

/** The server says this, and the client has it decoded before this resolves. */
async function say(heard: Heard, bytes: string, decoded: () => boolean): Promise<void> {
  sockets.at(-1)!.write(bytes);
  while (!decoded()) {
    await new Promise(setImmediate);
    target.flush();
  }
  expect(heard.exchange.requestId).toBe('r-1');
}

describe('time-outs', () => {
  it('end a request without a token after the first-token time-out', async () => {
    const heard = await start();
    await clock.advance(29.9);
    expect(heard.exchange.outcome).toBeNull();
    await clock.advance(0.1);
    expect(heard.exchange.outcome).toBe('timeout_first_token');
    expect(heard.exchange.detail).toMatch(/no token within 30 s$/);
    expect(heard.exchange.endedAt - heard.exchange.startedAt).toBeCloseTo(30, 3);
    expect(heard.exchange.firstTokenAt).toBeNaN();
  });

  it('do not take a role chunk for a token', async () => {
    const heard = await start();
    await say(heard, head() + event(ROLE), () => !Number.isNaN(heard.exchange.firstChunkAt));
    await clock.advance(30.01);
    expect(heard.exchange.outcome).toBe('timeout_first_token');
    expect(heard.exchange.httpStatus).toBe(200);
  });

  it('end an answer that stands still after the idle time-out, and keep its first token', async () => {
    const heard = await start();
    await clock.advance(5);
    await say(heard, head() + TOKEN, () => heard.tokens.length === 1);
    await clock.advance(9.9);
    expect(heard.exchange.outcome).toBeNull();
    await clock.advance(0.2);
    expect(heard.exchange.outcome).toBe('timeout_idle');
    expect(heard.exchange.firstTokenAt - heard.exchange.startedAt).toBeCloseTo(5, 6);
    expect(heard.exchange.outputTokens).toBe(1);
  });

  it('begin anew with each event', async () => {
    const heard = await start();
    await say(heard, head() + TOKEN, () => heard.tokens.length === 1);
    for (let n = 2; n <= 6; n++) {
      await clock.advance(8);
      await say(heard, TOKEN, () => heard.tokens.length === n);
    }
    expect(heard.exchange.outcome).toBeNull();
    await clock.advance(10.01);
    expect(heard.exchange.outcome).toBe('timeout_idle');
  });

  it('do not take keep-alive comments for signs of life', async () => {
    const heard = await start();
    await say(heard, head() + TOKEN, () => heard.tokens.length === 1);
    await clock.advance(6);
    sockets[0]!.write('7\r\n: ping\n\r\n');
    await clock.advance(4.01);
    expect(heard.exchange.outcome).toBe('timeout_idle');
  });

  it('end an answer that never ends after the total time-out', async () => {
    const heard = await start();
    await say(heard, head() + TOKEN, () => heard.tokens.length === 1);
    for (let n = 2; n <= 24; n++) {
      await clock.advance(5);
      await say(heard, TOKEN, () => heard.tokens.length === n || heard.exchange.outcome !== null);
    }
    await clock.advance(5.01);
    expect(heard.exchange.outcome).toBe('timeout_total');
    expect(heard.exchange.endedAt - heard.exchange.startedAt).toBeCloseTo(120, 1);
  });

  it('tell the status of an error whose body never ends', async () => {
    const heard = await start();
    const cut = document(503, 'x'.repeat(100)).slice(0, -50);
    await say(heard, cut, () => !Number.isNaN(heard.exchange.httpStatus));
    await clock.advance(31);
    expect(heard.exchange.outcome).toBe('http_5xx');
  });

  it('leave an answer ok that only did not close after [DONE]', async () => {
    const heard = await start();
    await say(heard, head() + TOKEN + event(delta({}, 'stop')) + DONE, () => heard.tokens.length === 1);
    await clock.advance(11);
    expect(heard.exchange.outcome).toBe('ok');
  });

  it('close the connection, and the next request gets a new one', async () => {
    const channel = target.channel();
    const first = send(channel);
    await server.received(1);
    await clock.advance(31);
    expect(first.heard.exchange.outcome).toBe('timeout_first_token');
    const second = send(channel);
    await server.received(2);
    expect(server.connections).toBe(2);
    sockets[1]!.write(head() + TOKEN + event(delta({}, 'stop')) + DONE + END);
    while (second.heard.exchange.outcome === null) {
      await new Promise(setImmediate);
      target.flush();
    }
    expect(second.heard.exchange.outcome).toBe('ok');
  });

  it('count what had arrived but was not decoded yet', async () => {
    const heard = await start();
    await clock.advance(29);
    sockets[0]!.write(head() + TOKEN);
    // Read and stamped by the loop, decoded by nobody: this clock stands still.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    await clock.advance(2);
    expect(heard.exchange.outcome).toBeNull();
    expect(heard.tokens).toHaveLength(1);
  });

  it('of many requests come each at its own time', async () => {
    const all: Heard[] = [];
    for (let n = 0; n < 5; n++) {
      all.push(await start());
      await clock.advance(1);
    }
    await clock.advance(40);
    for (const { exchange } of all) {
      expect(exchange.outcome).toBe('timeout_first_token');
      expect(exchange.endedAt - exchange.startedAt).toBeCloseTo(30, 1);
    }
  });
});
