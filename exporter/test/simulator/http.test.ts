import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../src/simulator/start.js';
import { ask, chat, chunks, events, post, simulate, until } from './harness.js';

function rawRequest(body: object): string {
  const text = JSON.stringify(body);
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json';
  return `${head}\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}

/** The payloads of a chunked body, up to its last chunk. */
function httpChunks(body: string): string[] {
  const size = Number.parseInt(body, 16);
  if (size === 0) return [];
  const start = body.indexOf('\r\n') + 2;
  return [body.slice(start, start + size), ...httpChunks(body.slice(start + size + 2))];
}

describe('a streamed chat completion', () => {
  const streamed = { stream: true, max_tokens: 10, ignore_eos: true };
  const textOf = async (simulator: Simulator, content: string, sampling: object = {}): Promise<string> => {
    const all = await chunks(await ask(simulator, { ...streamed, ...sampling, messages: [{ role: 'user', content }] }));
    return all.map((chunk) => chunk.choices[0]!.delta!.content).join('');
  };

  it('is a role chunk, one chunk a token, the last with the finish reason, and [DONE]', async () => {
    const response = await ask(await simulate(), streamed);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const all = await events(response);
    expect(all.pop()).toBe('[DONE]');
    const choices = all.map((data) => (JSON.parse(data) as { choices: object[] }).choices[0]);
    expect(choices).toHaveLength(11);
    expect(choices[0]).toMatchObject({ delta: { role: 'assistant', content: '' }, finish_reason: null });
    for (const choice of choices.slice(1, -1)) {
      expect(choice).toMatchObject({ delta: { content: expect.stringMatching(/^ [a-z]+$/) }, finish_reason: null });
    }
    expect(choices.at(-1)).toMatchObject({
      delta: { content: expect.stringMatching(/^ [a-z]+$/) },
      finish_reason: 'length',
    });
  });

  it('carries no usage unless asked', async () => {
    const all = await chunks(await ask(await simulate(), streamed));
    expect(all.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('ends with a chunk of usage without choices when asked', async () => {
    const all = await chunks(await ask(await simulate(), { ...streamed, stream_options: { include_usage: true } }));
    expect(all.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 10 } });
    const { usage } = all.at(-1)!;
    expect(usage!.total_tokens).toBe(usage!.prompt_tokens + 10);
    expect(all.filter((chunk) => 'usage' in chunk)).toHaveLength(1);
  });

  it('counts its tokens in every chunk when continuous usage is asked for, even those with empty text', async () => {
    const stream_options = { include_usage: true, continuous_usage_stats: true };
    const all = await chunks(await ask(await simulate(), { ...streamed, max_tokens: 400, stream_options }));
    const tokens = all.slice(0, -1);
    expect(tokens.map((chunk) => chunk.usage!.completion_tokens)).toEqual(tokens.map((_, index) => index));
    const empty = tokens.slice(1).filter((chunk) => chunk.choices[0]!.delta!.content === '');
    expect(empty.length).toBeGreaterThan(0);
    expect(empty.length).toBeLessThan(40);
  });

  it('says the same to the same request at temperature 0, and something else to another', async () => {
    const simulator = await simulate();
    const greedy = (content: string): Promise<string> => textOf(simulator, content, { temperature: 0 });
    const first = await greedy('one');
    expect(await greedy('one')).toBe(first);
    expect(await greedy('two')).not.toBe(first);
  });

  it('says something else each time it samples, unless the request brings a seed', async () => {
    const simulator = await simulate();
    expect(await textOf(simulator, 'one')).not.toBe(await textOf(simulator, 'one'));
    expect(await textOf(simulator, 'one', { seed: 5 })).toBe(await textOf(simulator, 'one', { seed: 5 }));
  });

  it('stops by itself before the limit without ignore_eos, its last token being invisible', async () => {
    const stream_options = { include_usage: true };
    const all = await chunks(await ask(await simulate(), { stream: true, max_tokens: 100_000, stream_options }));
    const last = all.at(-2)!.choices[0]!;
    expect(last).toMatchObject({ finish_reason: 'stop', delta: { content: '' } });
    expect(all.at(-1)!.usage!.completion_tokens).toBe(all.length - 2);
  });

  it('comes in HTTP chunks of one event each, and leaves the connection open for the next', async () => {
    const simulator = await simulate();
    const request = rawRequest({ ...chat, ...streamed, max_tokens: 3 });
    const socket = connect(simulator.port, '127.0.0.1');
    let received = '';
    socket.on('data', (data) => (received += data.toString('latin1')));
    for (const answers of [1, 2]) {
      socket.write(request);
      await until(() => received.split('\r\n0\r\n\r\n').length === answers + 1);
    }
    socket.destroy();
    const head = received.slice(0, received.indexOf('\r\n\r\n'));
    expect(head).toMatch(/transfer-encoding: chunked/i);
    const payloads = httpChunks(received.slice(head.length + 4));
    expect(payloads).toHaveLength(5);
    for (const payload of payloads) expect(payload).toMatch(/^data: [^\n]+\n\n$/);
  });
});

describe('requests of other forms', () => {
  it('are answered whole when not streamed', async () => {
    const response = await ask(await simulate(), { max_tokens: 5, ignore_eos: true });
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      choices: [
        { message: { role: 'assistant', content: expect.stringMatching(/^( [a-z]+){5}$/) }, finish_reason: 'length' },
      ],
      usage: { completion_tokens: 5 },
    });
  });

  it('may be completions, streamed without a role chunk', async () => {
    const body = { model: 'bench', prompt: 'once', max_tokens: 4, ignore_eos: true, stream: true };
    const all = await chunks(await post(await simulate(), '/v1/completions', body));
    expect(all).toHaveLength(4);
    expect(all[0]).toMatchObject({ object: 'text_completion', choices: [{ text: expect.stringMatching(/^ /) }] });
  });

  it('may give the prompt as token numbers', async () => {
    const body = { model: 'bench', prompt: [5, 6, 7], max_tokens: 2, ignore_eos: true };
    const reply = await (await post(await simulate(), '/v1/completions', body)).json();
    expect(reply).toMatchObject({ usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } });
  });

  it('prefer max_completion_tokens to max_tokens', async () => {
    const response = await ask(await simulate(), { max_tokens: 50, max_completion_tokens: 3, ignore_eos: true });
    expect(await response.json()).toMatchObject({ usage: { completion_tokens: 3 } });
  });

  it('get their X-Request-Id back, in the header and the id', async () => {
    const response = await ask(await simulate(), { max_tokens: 2 }, { 'x-request-id': 'r-7' });
    expect(response.headers.get('x-request-id')).toBe('r-7');
    expect(await response.json()).toMatchObject({ id: 'chatcmpl-r-7' });
  });

  it('count prompt tokens as /tokenize does', async () => {
    const simulator = await simulate();
    const { count } = (await (await post(simulator, '/tokenize', chat)).json()) as { count: number };
    expect(await (await ask(simulator, { max_tokens: 2 })).json()).toMatchObject({ usage: { prompt_tokens: count } });
    expect(await (await post(simulator, '/tokenize', { prompt: 'a river' })).json()).toMatchObject({
      count: 2,
      max_model_len: 131_072,
      tokens: [expect.any(Number), expect.any(Number)],
    });
  });
});

describe('the other paths', () => {
  it('list the model with its context length, and tell version and health', async () => {
    const { url } = await simulate({ overrides: { model: 'own', maxModelLen: 4096 } });
    expect(await (await fetch(`${url}/v1/models`)).json()).toMatchObject({
      data: [{ id: 'own', max_model_len: 4096 }],
    });
    expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ version: expect.any(String) });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${url}/v1/chat/completions`)).status).toBe(405);
  });

  it('under /v1 want the key where one is set', async () => {
    const simulator = await simulate({ apiKey: 'secret' });
    expect((await ask(simulator)).status).toBe(401);
    expect((await ask(simulator, { max_tokens: 2 }, { authorization: 'Bearer secret' })).status).toBe(200);
    expect((await fetch(`${simulator.url}/health`)).status).toBe(200);
  });
});

describe('bad requests', () => {
  async function answer(body: unknown, path = '/v1/chat/completions'): Promise<unknown> {
    const simulator = await simulate({ overrides: { maxModelLen: 100 } });
    const response = await post(simulator, path, body);
    const { error } = (await response.json()) as { error: { code: number } };
    expect(error.code).toBe(response.status);
    return error;
  }

  it('for an unknown model are answered 404', async () => {
    expect(await answer({ ...chat, model: 'x' })).toEqual({
      message: 'The model `x` does not exist.',
      type: 'NotFoundError',
      param: 'model',
      code: 404,
    });
  });

  it('for more tokens than the context holds are answered 400 with the figures', async () => {
    expect(await answer({ ...chat, max_tokens: 95 })).toMatchObject({
      code: 400,
      type: 'BadRequestError',
      message: expect.stringMatching(
        /^This model's maximum context length is 100 tokens\. However, you requested 95 output tokens and your prompt contains \d+ input tokens/,
      ),
    });
  });

  it('for a prompt longer than the context are answered 400', async () => {
    const messages = [{ role: 'user', content: 'word '.repeat(200) }];
    expect(await answer({ ...chat, messages })).toMatchObject({
      code: 400,
      message: expect.stringContaining('your request has 208 input tokens'),
    });
  });

  it.each([
    ['broken JSON', '{"model": ', 'json_invalid'],
    ['a wrong type', { ...chat, max_tokens: 'ten' }, "'int_type', 'loc': ('body', 'max_tokens')"],
    ['a missing field', { model: 'bench' }, "'missing', 'loc': ('body', 'messages')"],
    ['an unknown fault', { ...chat, sim: { fault: 'gremlins' } }, "('body', 'sim', 'fault')"],
  ])('with %s are answered 400 as pydantic words it', async (_, body, words) => {
    expect(await answer(body)).toMatchObject({
      code: 400,
      type: 'Bad Request',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ['max_tokens of 0', { ...chat, max_tokens: 0 }, 'max_tokens must be at least 1, got 0.'],
    [
      'stream options without a stream',
      { ...chat, stream_options: { include_usage: true } },
      'Stream options can only',
    ],
    ['several answers', { ...chat, n: 2 }, 'n must be 1'],
  ])('with %s are answered 400', async (_, body, words) => {
    expect(await answer(body)).toMatchObject({
      code: 400,
      type: 'BadRequestError',
      message: expect.stringContaining(words),
    });
  });

  it('that are no JSON by their type are answered 415', async () => {
    const simulator = await simulate();
    expect((await post(simulator, '/v1/completions', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

describe('a client that goes away', () => {
  it('frees its slot for the one that waits, and is counted as aborted', async () => {
    const simulator = await simulate({
      profile: 'l4-qwen0.5b',
      mode: 'burst',
      overrides: { maxNumSeqs: 1, model: 'bench' },
    });
    const leaving = new AbortController();
    const first = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...chat, stream: true, max_tokens: 7000, ignore_eos: true }),
      signal: leaving.signal,
    });
    await first.body!.getReader().read();
    const second = ask(simulator, { max_tokens: 3, ignore_eos: true });
    await until(() => simulator.snapshot().waiting === 1);
    leaving.abort();
    expect(await (await second).json()).toMatchObject({ usage: { completion_tokens: 3 } });
    expect(simulator.snapshot()).toMatchObject({ running: 0, waiting: 0, aborted: 1, finished: 1 });
    const metrics = await (await fetch(`${simulator.url}/metrics`)).text();
    expect(metrics).toMatch(/vllm:request_success_total\{[^}]*finished_reason="abort"\} 1\n/);
  });

  it('frees it before the first token, too', async () => {
    const simulator = await simulate({ overrides: { ttftSeconds: 3600 } });
    const socket = connect(simulator.port, '127.0.0.1');
    socket.write(rawRequest({ ...chat, max_tokens: 5 }));
    await until(() => simulator.snapshot().frontEnd === 1);
    socket.destroy();
    await once(socket, 'close');
    await until(() => simulator.snapshot().frontEnd === 0);
    expect(simulator.snapshot().aborted).toBe(1);
  });
});
