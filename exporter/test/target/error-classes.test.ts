import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import type { HttpTargetConfig } from '../../src/target/http-config.js';
import type { Exchange } from '../../src/target/types.js';
import { ask, httpTarget } from './asking.js';
import {
  delta,
  document,
  DONE,
  END,
  event,
  goodAnswer,
  head,
  ROLE,
  ScriptedServer,
  usageChunk,
} from './scripted-server.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Asks a server that answers as told. */
async function askServer(answer: (socket: Socket) => void, changes: Partial<HttpTargetConfig> = {}): Promise<Exchange> {
  const server = await ScriptedServer.start((_, socket) => answer(socket));
  const target = httpTarget(server.url, changes);
  open.push(server, target);
  return (await ask(target.channel())).exchange;
}

const says = (bytes: string, changes?: Partial<HttpTargetConfig>): Promise<Exchange> =>
  askServer((socket) => socket.write(bytes), changes);
const saysAndCloses = (bytes: string): Promise<Exchange> => askServer((socket) => socket.end(bytes));
const TOKEN = event(delta({ content: 'a' }));

async function askUrl(url: string): Promise<Exchange> {
  const target = httpTarget(url);
  open.push(target);
  return (await ask(target.channel())).exchange;
}

describe('connect', () => {
  it('is a refused connection', async () => {
    const server = await ScriptedServer.start(() => undefined);
    await server.close();
    const exchange = await askUrl(server.url);
    expect(exchange.outcome).toBe('connect');
    expect(exchange.detail).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions: .*ECONNREFUSED/);
    expect([exchange.httpStatus, exchange.firstTokenAt, exchange.outputTokens]).toEqual([NaN, NaN, NaN]);
    expect(exchange.endedAt).toBeGreaterThanOrEqual(exchange.startedAt);
  });

  it('is a name that does not resolve', async () => {
    const exchange = await askUrl('http://no-such-host.invalid');
    expect(exchange.outcome).toBe('connect');
    expect(exchange.detail).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('is a connection that ends before any answer', async () => {
    expect((await saysAndCloses('')).outcome).toBe('connect');
  });

  it('is a connection that is reset before any answer', async () => {
    expect((await askServer((socket) => socket.resetAndDestroy())).outcome).toBe('connect');
  });
});

describe('http_4xx', () => {
  it('has the server’s own words', async () => {
    const body = {
      error: { message: 'The model `m` does not exist.', type: 'NotFoundError', param: 'model', code: 404 },
    };
    const exchange = await says(document(404, JSON.stringify(body)));
    expect(exchange).toMatchObject({ outcome: 'http_4xx', httpStatus: 404 });
    expect(exchange.detail).toMatch(/answered 404: The model `m` does not exist\.$/);
  });

  it('has a text answer’s words, on one line of at most 300 characters', async () => {
    const exchange = await says(document(400, `bad\n\n  ${'x'.repeat(1000)}`, { 'content-type': 'text/plain' }));
    const words = exchange.detail.replace(/^\S+: /, '');
    expect(words).toMatch(/^answered 400: bad x+…$/);
    expect(words).toHaveLength(300);
  });

  it('hides secrets that the server repeats', async () => {
    const echo = document(401, JSON.stringify({ error: { message: 'bad key topsecret-1 and Bearer abcdefgh1234' } }));
    const exchange = await says(echo, { apiKey: 'topsecret-1' });
    expect(exchange.detail).toMatch(/bad key \[redacted\] and Bearer \[redacted\]$/);
  });

  it('is told even when the connection breaks in the middle of the error', async () => {
    const exchange = await askServer((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 1000\r\n\r\nprompt too long');
    });
    expect(exchange.outcome).toBe('http_4xx');
    expect(exchange.detail).toContain('prompt too long');
  });
});

describe('http_429', () => {
  it('keeps the seconds of Retry-After', async () => {
    const exchange = await says(document(429, '{}', { 'retry-after': '17' }));
    expect([exchange.outcome, exchange.retryAfterSeconds]).toEqual(['http_429', 17]);
  });

  it('keeps the date of Retry-After as seconds from now', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const exchange = await says(document(429, '', { 'retry-after': date }));
    expect(exchange.retryAfterSeconds).toBeGreaterThan(55);
    expect(exchange.retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('has no seconds without Retry-After, or with an unreadable one', async () => {
    expect((await says(document(429, ''))).retryAfterSeconds).toBeNaN();
    expect((await says(document(429, '', { 'retry-after': 'soon' }))).retryAfterSeconds).toBeNaN();
  });
});

describe('http_5xx', () => {
  it('is the server’s failure, with Retry-After kept', async () => {
    const exchange = await says(document(503, '{"detail":"engine is dead"}', { 'retry-after': '3' }));
    expect(exchange).toMatchObject({ outcome: 'http_5xx', httpStatus: 503, retryAfterSeconds: 3 });
    expect(exchange.detail).toMatch(/answered 503: engine is dead$/);
  });

  it('shows the title of a gateway’s page', async () => {
    const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>';
    expect((await says(document(502, page, { 'content-type': 'text/html' }))).detail).toMatch(
      /answered 502: 502 Bad Gateway$/,
    );
  });
});

describe('truncated', () => {
  it('is a connection closed in the middle of the answer; the first token is kept', async () => {
    const exchange = await saysAndCloses(head() + event(ROLE) + TOKEN);
    expect(exchange).toMatchObject({ outcome: 'truncated', tokenChunks: 1, outputTokens: 1 });
    expect(exchange.firstTokenAt).toBeGreaterThan(exchange.startedAt);
  });

  it('is a connection reset in the middle of the answer', async () => {
    const exchange = await askServer((socket) => {
      socket.write(head() + TOKEN, () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    expect(exchange.outcome).toBe('truncated');
  });

  it('is a stream that ends properly but without finish or [DONE]', async () => {
    const exchange = await says(head() + event(ROLE) + TOKEN + END);
    expect(exchange.outcome).toBe('truncated');
    expect(exchange.detail).toMatch(/without a finish reason and without \[DONE\]$/);
  });

  it('is a stream that ends in the middle of an event', async () => {
    const cut = 'data: {"choices":[{"index":0,"del';
    const exchange = await says(`${head()}${TOKEN}${cut.length.toString(16)}\r\n${cut}\r\n${END}`);
    expect(exchange.outcome).toBe('truncated');
  });

  it('is a connection without length or chunks that closes early', async () => {
    const exchange = await saysAndCloses(
      `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: ${JSON.stringify(delta({ content: 'a' }))}\n\n`,
    );
    expect(exchange.outcome).toBe('truncated');
  });

  it('is a stream that finished but broke before its usage', async () => {
    expect((await saysAndCloses(head() + TOKEN + event(delta({}, 'stop')))).outcome).toBe('truncated');
  });
});

describe('malformed', () => {
  it('is an event that is not JSON', async () => {
    const exchange = await says(head() + TOKEN + event('{oops') + END);
    expect(exchange).toMatchObject({ outcome: 'malformed', tokenChunks: 1 });
    expect(exchange.detail).toMatch(/an event is not JSON: \{oops$/);
  });

  it('is an error object in the stream, with its words', async () => {
    const error = { error: { message: 'CUDA out of memory', type: 'InternalServerError', code: 500 } };
    const exchange = await says(head() + TOKEN + event(error) + DONE + END);
    expect(exchange.outcome).toBe('malformed');
    expect(exchange.detail).toMatch(/the stream carried an error: CUDA out of memory$/);
  });

  it('is a page answered with 200', async () => {
    const exchange = await says(document(200, '<html><title>Sign in</title></html>', { 'content-type': 'text/html' }));
    expect(exchange.outcome).toBe('malformed');
    expect(exchange.detail).toMatch(/answered with text\/html where text\/event-stream was expected: Sign in$/);
  });

  it('is one JSON document in place of a stream', async () => {
    const exchange = await says(document(200, JSON.stringify({ choices: [{ message: { content: 'Hello' } }] })));
    expect(exchange.outcome).toBe('malformed');
    expect(exchange.detail).toContain('one JSON document: it ignored "stream": true');
  });

  it('is a redirect, which is not followed', async () => {
    const exchange = await says(document(307, '', { location: 'https://elsewhere/v1' }));
    expect(exchange.outcome).toBe('malformed');
    expect(exchange.detail).toContain('a redirect to https://elsewhere/v1');
  });

  it('is an answer that is not HTTP', async () => {
    expect((await says('SSH-2.0-OpenSSH_9.6\r\n')).outcome).toBe('malformed');
  });

  it('is a broken HTTP chunk', async () => {
    expect((await says(`${head()}${TOKEN}zz\r\nnonsense\r\n`)).outcome).toBe('malformed');
  });
});

describe('empty', () => {
  it('is a proper end without a token', async () => {
    const usage = usageChunk({ prompt_tokens: 4, completion_tokens: 0 });
    const exchange = await says(head() + event(ROLE) + event(delta({}, 'stop')) + event(usage) + DONE + END);
    expect(exchange).toMatchObject({ outcome: 'empty', outputTokens: 0, inputTokens: 4 });
    expect(exchange.firstTokenAt).toBeNaN();
    expect(exchange.firstChunkAt).toBeGreaterThan(exchange.startedAt);
  });
});

describe('a failure', () => {
  it('of one channel leaves the others alone', async () => {
    const server = await ScriptedServer.start((_, socket, n) => {
      if (n === 1) socket.destroy();
      else socket.write(goodAnswer());
    });
    const target = httpTarget(server.url);
    open.push(server, target);
    const first = await ask(target.channel());
    const second = await ask(target.channel());
    expect([first.exchange.outcome, second.exchange.outcome]).toEqual(['connect', 'ok']);
  });

  it('never comes from inside send', async () => {
    const target = httpTarget('http://127.0.0.1:1', { headers: { 'x-bad': 'line\nbreak' } });
    open.push(target);
    let inside = true;
    const outcome = await new Promise((resolve) => {
      target
        .channel()
        .send(
          { messages: [], maxTokens: 1, ignoreEos: false },
          { requestId: 'r', collectText: false },
          { onTokenChunk: () => undefined, onEnd: (exchange) => resolve(inside ? 'inside' : exchange.outcome) },
        );
      inside = false;
    });
    expect(outcome).toBe('connect');
  });
});
