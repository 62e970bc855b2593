import { setTimeout as sleep } from 'node:timers/promises';
import { RealClock } from 'sweepscope/dist/clock/real-clock.js';
import { Client } from 'undici';

/** One request of the probe; CLOCK_MONOTONIC seconds. */
export interface ProbedRequest {
  requestId: string;
  startedAt: number;
  firstDataAt: number;
}

const CONNECTIONS = 8;
const PAUSE_MS = 150;

/**
 * A client without load beside the one under load: a few connections that ask for two tokens now and then. What it
 * measures wrongly at the same time is the machine's and the server's part of the error.
 */
export class IdleProbe {
  readonly requests: ProbedRequest[] = [];
  private readonly clock = new RealClock();
  private readonly clients: Client[];
  private running = true;
  private count = 0;

  constructor(url: string) {
    this.clients = Array.from({ length: CONNECTIONS }, () => new Client(url));
    this.clients.forEach((client, index) => void this.loop(client, (index * PAUSE_MS) / CONNECTIONS));
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.clients.map((client) => client.destroy()));
  }

  private async loop(client: Client, delayMs: number): Promise<void> {
    await sleep(delayMs);
    while (this.running) {
      await this.ask(client);
      await sleep(PAUSE_MS);
    }
  }

  private ask(client: Client): Promise<void> {
    const requestId = `probe-${this.count++}`;
    const messages = [{ role: 'user', content: 'probe' }];
    const body = JSON.stringify({ model: 'bench', messages, max_tokens: 2, ignore_eos: true, stream: true });
    const headers = { 'content-type': 'application/json', 'x-request-id': requestId };
    const request = { requestId, startedAt: this.clock.now(), firstDataAt: NaN };
    return new Promise((resolve) => {
      client.dispatch(
        { path: '/v1/chat/completions', method: 'POST', headers, body },
        {
          onRequestStart: () => undefined,
          onResponseData: () => {
            if (Number.isNaN(request.firstDataAt)) request.firstDataAt = this.clock.now();
          },
          onResponseEnd: () => {
            this.requests.push(request);
            resolve();
          },
          onResponseError: () => resolve(), // the probe was stopped
        },
      );
    });
  }
}
