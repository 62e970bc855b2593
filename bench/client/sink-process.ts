/**
 * What receiving costs at the least: undici's `dispatch` with the same bodies over as many connections, which counts
 * bytes and asks again when an answer ends. It looks at nothing, keeps nothing, measures nothing.
 */
import { RealClock } from 'sweepscope/dist/clock/real-clock.js';
import { requestBody } from 'sweepscope/dist/target/request-body.js';
import { calibrationPrompt } from 'sweepscope/dist/workload/synthetic.js';
import { Client, type Dispatcher } from 'undici';
import type { ClientCalls, ClientStart } from './calls.js';
import { INPUT_TOKENS, LENGTH_SPREAD, SEED } from './request.js';
import { ownUsage, serveCalls } from './serve-calls.js';

const clock = new RealClock();
const streams: SinkStream[] = [];
let start: ClientStart | null = null;
let inFlight = 0;
let bytes = 0;

class SinkStream implements Dispatcher.DispatchHandler {
  private readonly client: Client;
  private readonly options: Dispatcher.DispatchOptions;

  constructor({ url, outputTokens }: ClientStart, index: number) {
    this.client = new Client(url, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    const config = {
      model: 'bench',
      endpoint: 'chat' as const,
      temperature: null,
      extraBody: {},
      capabilities: { usage: true, continuousUsage: true },
    };
    const content = calibrationPrompt(SEED + index, INPUT_TOKENS);
    const question = {
      messages: [{ role: 'user' as const, content }],
      maxTokens: lengthOf(index, outputTokens),
      ignoreEos: true,
    };
    const headers = [
      'accept',
      'text/event-stream',
      'content-type',
      'application/json',
      'x-request-id',
      `sink-${index}`,
    ];
    this.options = { path: '/v1/chat/completions', method: 'POST', headers, body: requestBody(config, question) };
  }

  ask(): void {
    inFlight += 1;
    this.client.dispatch(this.options, this);
  }

  onConnect(): void {
    return;
  }

  onHeaders(): boolean {
    return true;
  }

  onData(data: Buffer): boolean {
    bytes += data.length;
    return true;
  }

  onComplete(): void {
    inFlight -= 1;
    this.ask();
  }

  onError(error: Error): void {
    throw error;
  }
}

/** Lengths of the connections' answers, spread evenly around the mean as our client's are. */
function lengthOf(index: number, mean: number): number {
  const places = 41;
  return Math.round(mean * (1 + LENGTH_SPREAD * (((index * 17) % places) / ((places - 1) / 2) - 1)));
}

function setStreams(count: number): void {
  if (start === null) throw new Error('not started');
  const before = streams.length;
  for (let index = before; index < count; index++) {
    const stream = new SinkStream(start, index);
    streams.push(stream);
    setTimeout(() => stream.ask(), (1000 * start.rampSeconds * (index - before)) / (count - before));
  }
}

serveCalls<ClientCalls>({
  start: (given) => {
    start = given;
    return null;
  },
  streams: (count) => {
    setStreams(count);
    return null;
  },
  usage: () => ownUsage(clock.now(), bytes === 0 ? 0 : inFlight),
});
