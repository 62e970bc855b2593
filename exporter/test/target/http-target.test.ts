import { afterEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import type { HttpTargetConfig } from '../../src/target/http-config.js';
import type { HttpTarget } from '../../src/target/http-target.js';
import { ask, httpTarget, QUESTION, send } from './asking.js';
import {
  chunk,
  delta,
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

async function serve(...answers: string[]): Promise<ScriptedServer> {
  const server = await ScriptedServer.start((_, socket, n) => socket.write(answers[Math.min(n, answers.length) - 1]!));
  open.push(server);
  return server;
}

function targetOf(server: ScriptedServer, changes: Partial<HttpTargetConfig> = {}, clock?: VirtualClock): HttpTarget {
  const target = httpTarget(server.url, changes, clock);
  open.push(target);
  return target;
}

const answer = (...events: (object | string)[]): string => head() + events.map(event).join('') + DONE + END;

describe('a streamed answer', () => {
  it('ends ok, with its text, its tokens by usage and its prompt tokens', async () => {
    const server = await serve(goodAnswer(['Hel', 'lo'], 7));
    const { exchange, tokens, ends } = await ask(targetOf(server).channel());
    expect(exchange).toMatchObject({
      outcome: 'ok',
      detail: '',
      text: 'Hello',
      tokenChunks: 2,
      outputTokens: 2,
      inputTokens: 7,
      tokensSource: 'usage',
      httpStatus: 200,
    });
    expect(tokens.map((token) => token.tokens)).toEqual([1, 1]);
    expect(ends).toBe(1);
  });

  it('is stamped in order: start, first chunk, first token, last token, finish, end', async () => {
    const server = await serve(goodAnswer());
    const { exchange: e, tokens } = await ask(targetOf(server).channel());
    const times = [
      e.startedAt,
      e.firstChunkAt,
      e.firstTokenAt,
      e.firstVisibleAt,
      e.lastTokenAt,
      e.finishedAt,
      e.endedAt,
    ];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every(Number.isFinite)).toBe(true);
    expect(tokens[0]!.gapSeconds).toBeNaN();
    expect(tokens[1]!.gapSeconds).toBeCloseTo(tokens[1]!.at - tokens[0]!.at, 12);
  });

  it('counts its token chunks where the server tells no usage', async () => {
    const server = await serve(answer(ROLE, delta({ content: 'a' }), delta({ content: 'b' }), delta({}, 'stop')));
    const { exchange } = await ask(
      targetOf(server, { capabilities: { usage: false, continuousUsage: false } }).channel(),
    );
    expect(exchange).toMatchObject({ outcome: 'ok', outputTokens: 2, tokensSource: 'chunks' });
    expect(exchange.inputTokens).toBeNaN();
  });

  it('keeps more tokens of usage than chunks told in the exchange only', async () => {
    const server = await serve(
      answer(delta({ content: 'abc' }), delta({}, 'stop'), usageChunk({ prompt_tokens: 1, completion_tokens: 3 })),
    );
    const { exchange, tokens } = await ask(targetOf(server).channel());
    expect([exchange.outputTokens, tokens.length, tokens[0]!.tokens]).toEqual([3, 1, 1]);
  });

  it('tells cached tokens', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 8 } };
    const server = await serve(answer(delta({ content: 'a' }), delta({}, 'stop'), usageChunk(usage)));
    expect((await ask(targetOf(server).channel())).exchange.cachedTokens).toBe(8);
  });

  it('counts reasoning as tokens that are not visible', async () => {
    const server = await serve(
      answer(ROLE, delta({ reasoning_content: 'hm' }), delta({ content: 'a' }), delta({}, 'stop')),
    );
    const { exchange } = await ask(targetOf(server).channel());
    expect([exchange.tokenChunks, exchange.text]).toEqual([2, 'a']);
    expect(exchange.firstVisibleAt).toBe(exchange.lastTokenAt);
    expect(exchange.firstTokenAt).toBeLessThanOrEqual(exchange.firstVisibleAt);
  });

  it('counts tool-call deltas as tokens', async () => {
    const call = delta({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] });
    const server = await serve(answer(ROLE, call, delta({}, 'tool_calls')));
    expect((await ask(targetOf(server).channel())).exchange).toMatchObject({ outcome: 'ok', tokenChunks: 1, text: '' });
  });

  it('reads completions, whose prompt is the messages joined by blank lines', async () => {
    const part = (text: string, finish_reason: string | null = null): object => ({
      choices: [{ index: 0, text, finish_reason }],
    });
    const server = await serve(answer(part('a'), part('b', 'length')));
    const target = targetOf(server, { endpoint: 'completions' });
    const { exchange } = await ask(target.channel(), {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      maxTokens: 5,
      ignoreEos: true,
    });
    expect(exchange).toMatchObject({ outcome: 'ok', text: 'ab', tokenChunks: 2 });
    expect(server.requests[0]!.path).toBe('/v1/completions');
    expect(JSON.parse(server.requests[0]!.body)).toMatchObject({
      prompt: 'Be brief.\n\nHi',
      max_tokens: 5,
      ignore_eos: true,
    });
  });

  it('is read alike when it comes byte by byte', async () => {
    const server = await ScriptedServer.start((_, socket) => {
      const bytes = Buffer.from(goodAnswer(['grün', ' 漢字', '🙂']));
      let at = 0;
      const next = (): void => {
        if (at >= bytes.length || socket.destroyed) return;
        socket.write(bytes.subarray(at, (at += 1)), () => setImmediate(next));
      };
      next();
    });
    open.push(server);
    const { exchange } = await ask(targetOf(server).channel());
    expect(exchange).toMatchObject({ outcome: 'ok', text: 'grün 漢字🙂', tokenChunks: 3 });
  });

  it('goes on after interim responses', async () => {
    const server = await serve(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${goodAnswer()}`);
    expect((await ask(targetOf(server).channel())).exchange).toMatchObject({ outcome: 'ok', httpStatus: 200 });
  });

  it('is ok without [DONE] where it told its finish', async () => {
    const server = await serve(head() + event(delta({ content: 'a' })) + event(delta({}, 'stop')) + END);
    expect((await ask(targetOf(server).channel())).exchange.outcome).toBe('ok');
  });

  it('is ok when the connection breaks after [DONE]', async () => {
    const server = await ScriptedServer.start((_, socket) => {
      socket.end(head() + event(delta({ content: 'a' })) + event(delta({}, 'stop')) + DONE);
    });
    open.push(server);
    expect((await ask(targetOf(server).channel())).exchange.outcome).toBe('ok');
  });

  it('collects no text unless asked to', async () => {
    const server = await serve(goodAnswer());
    const { ended } = send(targetOf(server).channel(), QUESTION, { requestId: 'r', collectText: false });
    expect((await ended).exchange).toMatchObject({ outcome: 'ok', text: '', tokenChunks: 2 });
  });
});

describe('continuous usage', () => {
  const capabilities = { usage: true, continuousUsage: true };
  const counted = (content: string, tokens: number, finish: string | null = null): object =>
    delta({ content }, finish, { prompt_tokens: 4, completion_tokens: tokens });

  it('makes a chunk with an empty text a token chunk where the count rose', async () => {
    const server = await serve(answer(counted('', 0), counted('', 1), counted('a', 2), counted('', 3, 'stop')));
    const { exchange, tokens } = await ask(targetOf(server, { capabilities }).channel());
    expect(tokens.map((token) => token.tokens)).toEqual([1, 1, 1]);
    expect(exchange).toMatchObject({ outcome: 'ok', tokenChunks: 3, outputTokens: 3, text: 'a' });
    expect(exchange.firstTokenAt).toBeGreaterThanOrEqual(exchange.firstChunkAt);
    expect(exchange.firstVisibleAt).toBe(tokens[1]!.at);
  });

  it('reports a chunk of several tokens as such', async () => {
    const server = await serve(answer(counted('abc', 3), counted('de', 5), counted('', 5, 'stop')));
    const { tokens } = await ask(targetOf(server, { capabilities }).channel());
    expect(tokens.map((token) => token.tokens)).toEqual([3, 2]);
  });

  it('takes text without a rise as visible, but as no new token', async () => {
    const server = await serve(answer(counted('a', 1), counted('b', 1), counted('', 2, 'stop')));
    const { exchange, tokens } = await ask(targetOf(server, { capabilities }).channel());
    expect(tokens.map((token) => token.tokens)).toEqual([1, 1]);
    expect(exchange.text).toBe('ab');
  });

  it('is found out even where it was not expected', async () => {
    const server = await serve(answer(counted('', 0), counted('', 2), counted('', 2, 'stop')));
    const { tokens } = await ask(targetOf(server).channel());
    expect(tokens.map((token) => token.tokens)).toEqual([2]);
  });

  it('is not read into a total that only the finishing chunk tells', async () => {
    const server = await serve(answer(delta({ content: 'a' }), delta({ content: 'b' }), counted('', 9, 'stop')));
    const { exchange, tokens } = await ask(targetOf(server).channel());
    expect([tokens.length, exchange.outputTokens]).toEqual([2, 9]);
  });

  it('is not believed where the count stays 0 while text comes', async () => {
    const server = await serve(answer(counted('a', 0), counted('b', 0), counted('', 2, 'stop')));
    const { exchange, tokens } = await ask(targetOf(server, { capabilities }).channel());
    expect([tokens.length, exchange.outputTokens]).toEqual([2, 2]);
  });

  it('of a cut answer tells the tokens that came', async () => {
    const server = await ScriptedServer.start((_, socket) => {
      socket.end(head() + event(counted('abc', 3)));
    });
    open.push(server);
    const { exchange } = await ask(targetOf(server, { capabilities }).channel());
    expect(exchange).toMatchObject({ outcome: 'truncated', outputTokens: 3 });
    expect(exchange.firstTokenAt).toBeGreaterThan(exchange.startedAt);
  });
});

describe('what is sent', () => {
  const sentBody = (server: ScriptedServer): Record<string, unknown> => JSON.parse(server.requests[0]!.body) as never;

  it('asks for a stream with usage, with the spec’s parameters', async () => {
    const server = await serve(goodAnswer());
    const changes = { temperature: 0.5, extraBody: { top_p: 0.9, max_tokens: 3, stream: false }, apiKey: 'k-123456' };
    await ask(targetOf(server, { ...changes, headers: { 'X-Team': 'a' } }).channel());
    expect(sentBody(server)).toEqual({
      model: 'm',
      messages: QUESTION.messages,
      max_tokens: 3,
      temperature: 0.5,
      top_p: 0.9,
      stream: true,
      stream_options: { include_usage: true },
    });
    const { headers, method, path } = server.requests[0]!;
    expect([method, path]).toEqual(['POST', '/v1/chat/completions']);
    expect(headers.get('authorization')).toBe('Bearer k-123456');
    expect(headers.get('x-team')).toBe('a');
    expect(headers.get('x-request-id')).toBe('r-1');
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('leaves usage options out for a server that takes none', async () => {
    const server = await serve(goodAnswer());
    await ask(targetOf(server, { capabilities: { usage: false, continuousUsage: false } }).channel());
    expect(sentBody(server)).not.toHaveProperty('stream_options');
  });

  it('asks for continuous usage where the server tells it', async () => {
    const server = await serve(goodAnswer());
    await ask(targetOf(server, { capabilities: { usage: true, continuousUsage: true } }).channel());
    expect(sentBody(server).stream_options).toEqual({ include_usage: true, continuous_usage_stats: true });
  });
});

describe('connections', () => {
  it('serve one request after the other on the same socket', async () => {
    const server = await serve(goodAnswer());
    const target = targetOf(server);
    const channel = target.channel();
    for (let n = 0; n < 3; n++) await ask(channel);
    expect(server.connections).toBe(1);
    expect(target.stats()).toMatchObject({
      connects: 1,
      requests: 3,
      reusedRequests: 2,
      socketsOpen: 1,
      socketsWaiting: 0,
    });
    expect(target.stats().connectSecondsSum).toBeGreaterThan(0);
  });

  it('are one for each channel', async () => {
    const server = await serve(goodAnswer());
    const target = targetOf(server);
    await Promise.all([target.channel(), target.channel(), target.channel()].map((channel) => ask(channel)));
    expect(server.connections).toBe(3);
  });

  it('are warmed without asking the server anything, and used by the first request', async () => {
    const server = await serve(goodAnswer());
    const target = targetOf(server);
    const channel = target.channel();
    await channel.warm();
    await channel.warm();
    expect(target.stats()).toMatchObject({ connects: 1, requests: 0, socketsOpen: 1 });
    await ask(channel);
    await channel.warm();
    expect([server.connections, server.requests.length]).toEqual([1, 1]);
    expect(target.stats()).toMatchObject({ connects: 1, requests: 1, reusedRequests: 0 });
  });

  it('are shared by a request that comes while they are being warmed', async () => {
    const server = await serve(goodAnswer());
    const channel = targetOf(server).channel();
    const warmed = channel.warm();
    expect((await ask(channel)).exchange.outcome).toBe('ok');
    await warmed;
    expect(server.connections).toBe(1);
  });

  it('that the server closed while idle are replaced', async () => {
    const closed: Promise<unknown>[] = [];
    const server = await ScriptedServer.start(
      (_, socket) => socket.write(goodAnswer()),
      (socket) => closed.push(new Promise((resolve) => socket.once('close', resolve))),
    );
    open.push(server);
    const target = targetOf(server);
    const channel = target.channel();
    await channel.warm();
    while (server.connections === 0) await new Promise(setImmediate);
    server.dropConnections();
    await closed[0];
    while (target.stats().socketsOpen > 0) await new Promise(setImmediate);
    expect((await ask(channel)).exchange.outcome).toBe('ok');
    server.dropConnections();
    while (target.stats().socketsOpen > 0) await new Promise(setImmediate);
    expect((await ask(channel)).exchange.outcome).toBe('ok');
    expect(server.connections).toBe(3);
  });

  it('that can’t be warmed fail the first request, not the warming', async () => {
    const server = await serve(goodAnswer());
    const target = targetOf(server);
    await server.close();
    open.splice(open.indexOf(server), 1);
    const channel = target.channel();
    await channel.warm();
    expect((await ask(channel)).exchange.outcome).toBe('connect');
  });

  it('are used again after a failed request', async () => {
    const server = await serve(head() + event('{broken') + END, goodAnswer());
    const channel = targetOf(server).channel();
    expect((await ask(channel)).exchange.outcome).toBe('malformed');
    expect((await ask(channel)).exchange.outcome).toBe('ok');
  });

  it('close with their channel', async () => {
    const server = await serve(goodAnswer());
    const target = targetOf(server);
    const channel = target.channel();
    await ask(channel);
    channel.close();
    while (target.stats().socketsOpen > 0) await new Promise(setImmediate);
    expect(target.stats().socketsOpen).toBe(0);
  });

  it('hold one exchange at a time', async () => {
    const server = await serve(head());
    const channel = targetOf(server).channel();
    send(channel);
    const listener = { onTokenChunk: () => undefined, onEnd: () => undefined };
    const sendAgain = (): unknown => channel.send(QUESTION, { requestId: 'r-2', collectText: false }, listener);
    expect(sendAgain).toThrow('request r-2: this channel is still busy with r-1');
  });
});

describe('cancelling', () => {
  it('ends an exchange at once and closes its connection', async () => {
    const server = await serve(head() + event(delta({ content: 'a' })));
    const target = targetOf(server);
    const { heard, ended } = send(target.channel());
    while (heard.tokens.length === 0) await new Promise(setImmediate);
    heard.exchange.cancel();
    heard.exchange.cancel();
    expect((await ended).exchange).toMatchObject({ outcome: 'aborted', tokenChunks: 1, outputTokens: 1 });
    while (target.stats().socketsOpen > 0) await new Promise(setImmediate);
    expect(heard.ends).toBe(1);
  });

  it('before the request was written sends nothing, and leaves the channel usable', async () => {
    const server = await serve(goodAnswer());
    const channel = targetOf(server).channel();
    const { heard } = send(channel);
    heard.exchange.cancel('timeout_total');
    expect(heard.exchange.outcome).toBe('timeout_total');
    expect((await ask(channel)).exchange.outcome).toBe('ok');
    expect(server.requests).toHaveLength(1);
  });

  it('is what closing the target does to all that is under way', async () => {
    const server = await serve(head());
    const target = targetOf(server);
    const first = send(target.channel());
    const second = send(target.channel());
    await server.received(2);
    await target.close();
    expect([(await first.ended).exchange.outcome, (await second.ended).exchange.outcome]).toEqual([
      'aborted',
      'aborted',
    ]);
  });
});

describe('decoding after stamping', () => {
  it('happens when the clock’s deferral comes, or at a flush', async () => {
    const clock = new VirtualClock();
    const server = await serve(head() + event(ROLE) + event(delta({ content: 'a' })));
    const target = targetOf(server, {}, clock);
    const channel = target.channel();
    const { heard } = send(channel);
    await server.received(1);
    // The answer is in our socket's buffer soon; on a clock that stands still nothing is decoded until a flush.
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(heard.tokens).toHaveLength(0);
    target.flush();
    expect(heard.tokens).toHaveLength(1);
    expect(heard.tokens[0]!.at).toBe(clock.now());
  });

  it('a listener that throws does not keep others from hearing', async () => {
    const clock = new VirtualClock();
    const server = await serve(goodAnswer());
    const target = targetOf(server, {}, clock);
    target.channel().send(
      QUESTION,
      { requestId: 'bad', collectText: false },
      {
        onTokenChunk: () => {
          throw new Error('listener broke');
        },
        onEnd: () => undefined,
      },
    );
    const { heard } = send(target.channel());
    await server.received(2);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(() => target.flush()).toThrow('listener broke');
    expect(heard.exchange.outcome).toBe('ok');
  });

  it('a new request may be sent from the end of the last one', async () => {
    const server = await serve(goodAnswer());
    const channel = targetOf(server).channel();
    const outcomes: (string | null)[] = [];
    await new Promise<void>((resolve) => {
      const go = (n: number): void => {
        channel.send(
          QUESTION,
          { requestId: `r-${n}`, collectText: false },
          {
            onTokenChunk: () => undefined,
            onEnd: (exchange) => {
              outcomes.push(exchange.outcome);
              if (n === 3) resolve();
              else go(n + 1);
            },
          },
        );
      };
      go(1);
    });
    expect(outcomes).toEqual(['ok', 'ok', 'ok']);
    expect(server.connections).toBe(1);
  });

  it('a line of 4 MB is one event', async () => {
    const long = 'x'.repeat(4_000_000);
    const server = await serve(head() + event(delta({ content: long })) + chunk('data: [DONE]\n\n') + END);
    expect((await ask(targetOf(server).channel())).exchange.text).toHaveLength(4_000_000);
  });
});
