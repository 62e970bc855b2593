import { afterEach, describe, expect, it } from '@jest/globals';
import { RealClock } from '../../src/clock/real-clock.js';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { preflight, type PreflightConfig, type PreflightResult } from '../../src/target/preflight.js';
import { countTokens } from '../../src/target/tokenize.js';
import { targetConfig } from './asking.js';
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
  type SeenRequest,
} from './scripted-server.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Behaviour {
  models?: string;
  generate?: (body: Record<string, unknown>) => string;
  tokenize?: string;
}

const MODELS = document(200, JSON.stringify({ object: 'list', data: [{ id: 'm', max_model_len: 4096 }, { id: 'n' }] }));
const NOT_FOUND = document(404, '{"detail":"Not Found"}');

async function serve(behaviour: Behaviour): Promise<ScriptedServer> {
  const answer = (request: SeenRequest): string => {
    if (request.path.startsWith('/v1/models')) return behaviour.models ?? MODELS;
    if (request.path === '/tokenize') return behaviour.tokenize ?? NOT_FOUND;
    return behaviour.generate?.(JSON.parse(request.body) as Record<string, unknown>) ?? goodAnswer();
  };
  const server = await ScriptedServer.start((request, socket) => socket.write(answer(request)));
  open.push(server);
  return server;
}

const look = (server: ScriptedServer, changes: Partial<PreflightConfig> = {}): Promise<PreflightResult> =>
  preflight({ ...targetConfig(server.url), ...changes }, new RealClock());

const counted = (content: string, tokens: number, finish: string | null = null): object =>
  delta({ content }, finish, { prompt_tokens: 5, completion_tokens: tokens });
const withContinuous = (): string =>
  head() + [counted('', 0), counted('a', 1), counted('', 2, 'stop')].map(event).join('') + DONE + END;
const refusal = (message: string, status = 400): string => document(status, JSON.stringify({ error: { message } }));

describe('preflight', () => {
  it('tells the model, its length, the times and tokens of one small request', async () => {
    const result = await look(await serve({}));
    expect(result).toMatchObject({ model: 'm', maxModelLen: 4096, listedModels: ['m', 'n'], promptTokens: 7 });
    expect(result.firstTokenSeconds).toBeGreaterThan(0);
    expect(result.latencySeconds).toBeGreaterThanOrEqual(result.firstTokenSeconds);
    expect(result.exchanges).toHaveLength(1);
  });

  it('finds usage that is told once', async () => {
    expect((await look(await serve({}))).capabilities).toEqual({ usage: true, continuousUsage: false });
  });

  it('finds usage that runs', async () => {
    const result = await look(await serve({ generate: withContinuous }));
    expect(result.capabilities).toEqual({ usage: true, continuousUsage: true });
  });

  it('finds that no usage is told, though the option was taken', async () => {
    const generate = (): string => head() + event(delta({ content: 'a' })) + event(delta({}, 'stop')) + DONE + END;
    expect((await look(await serve({ generate }))).capabilities).toEqual({ usage: false, continuousUsage: false });
  });

  it('leaves continuous usage out where it is refused, and counts both requests', async () => {
    const generate = (body: Record<string, unknown>): string =>
      JSON.stringify(body).includes('continuous') ? refusal('extra field') : goodAnswer();
    const result = await look(await serve({ generate }));
    expect(result.capabilities).toEqual({ usage: true, continuousUsage: false });
    expect(result.exchanges.map((exchange) => exchange.outcome)).toEqual(['http_4xx', 'ok']);
    expect(new Set(result.exchanges.map((exchange) => exchange.requestId)).size).toBe(2);
  });

  it('leaves all usage out where that is refused too', async () => {
    const generate = (body: Record<string, unknown>): string =>
      'stream_options' in body
        ? refusal('unknown stream_options', 422)
        : head() + event(delta({ content: 'a' })) + event(delta({}, 'stop')) + DONE + END;
    const result = await look(await serve({ generate }));
    expect(result.capabilities).toEqual({ usage: false, continuousUsage: false });
    expect(result.exchanges).toHaveLength(3);
  });

  it('takes the only model where none is configured', async () => {
    const models = document(200, '{"data":[{"id":"lonely"}]}');
    const result = await look(await serve({ models }), { model: null });
    expect([result.model, result.maxModelLen]).toEqual(['lonely', null]);
  });

  it('does without a list of models where one is configured', async () => {
    const result = await look(await serve({ models: NOT_FOUND }));
    expect([result.model, result.listedModels]).toEqual(['m', null]);
  });

  it('takes an answer that ends at once for a working server', async () => {
    const generate = (): string => head() + event(ROLE) + event(delta({}, 'stop')) + DONE + END;
    expect((await look(await serve({ generate }))).firstTokenSeconds).toBeNaN();
  });
});

describe('preflight fails', () => {
  it('as unreachable where nothing listens', async () => {
    const server = await serve({});
    await server.close();
    open.pop();
    await expect(look(server)).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(look(server)).rejects.toThrow(/ECONNREFUSED.*is the server up, and the URL right\?$/);
  });

  it('as timeout where the server accepts and says nothing', async () => {
    const server = await ScriptedServer.start(() => undefined);
    open.push(server);
    const clock = new VirtualClock();
    const checked = preflight(targetConfig(server.url), clock);
    const failed = expect(checked).rejects.toMatchObject({ kind: 'timeout' });
    await server.received(1);
    await clock.advance(60);
    await failed;
  });

  it.each([401, 403])('as unauthorized at %d, saying where the key goes', async (status) => {
    const refused = refusal('bad key hidden-key', status);
    const checked = look(await serve({ models: refused }), { apiKey: 'hidden-key' });
    await expect(checked).rejects.toMatchObject({ kind: 'unauthorized' });
    await expect(checked).rejects.toThrow(
      new RegExp(`answered ${status}: bad key \\[redacted\\]; .*target\\.apiKeyEnv$`),
    );
    const late = look(await serve({ generate: () => refused }));
    await expect(late).rejects.toThrow(/chat\/completions answered 40[13]: bad key hidden-key; .*target\.apiKeyEnv$/);
  });

  it('as model_not_found, naming what is served', async () => {
    const server = await serve({ generate: () => refusal('The model `x` does not exist.', 404) });
    const checked = look(server, { model: 'x' });
    await expect(checked).rejects.toMatchObject({ kind: 'model_not_found' });
    await expect(checked).rejects.toThrow(
      `target ${server.url}/v1/chat/completions answered 404 for model "x"; it serves: m, n`,
    );
  });

  it('as model_not_found where none is configured and several are served', async () => {
    const checked = look(await serve({}), { model: null });
    await expect(checked).rejects.toThrow(/serves several models: m, n; set target\.model$/);
  });

  it('as model_not_found where none is configured and none is listed', async () => {
    await expect(look(await serve({ models: NOT_FOUND }), { model: null })).rejects.toThrow(/set target\.model$/);
  });

  it('as bad_request with the server’s words, after all options were left out', async () => {
    const checked = look(await serve({ generate: () => refusal('max_tokens is too large') }));
    await expect(checked).rejects.toMatchObject({ kind: 'bad_request' });
    await expect(checked).rejects.toThrow(/answered 400: max_tokens is too large/);
  });

  it('as server_error at 500', async () => {
    await expect(look(await serve({ generate: () => refusal('dead', 500) }))).rejects.toMatchObject({
      kind: 'server_error',
    });
  });

  it('as not_streaming where one document is answered', async () => {
    const generate = (): string => document(200, '{"choices":[{"message":{"content":"Hello"}}]}');
    await expect(look(await serve({ generate }))).rejects.toMatchObject({ kind: 'not_streaming' });
  });

  it('as not_openai where pages are answered', async () => {
    const page = document(200, '<html><title>It works</title></html>', { 'content-type': 'text/html' });
    await expect(look(await serve({ models: page }))).rejects.toThrow(/answered no JSON: "It works"/);
    await expect(look(await serve({ generate: () => page }))).rejects.toMatchObject({ kind: 'not_openai' });
  });

  it('as not_openai where the endpoint is missing though the model is served', async () => {
    await expect(look(await serve({ generate: () => NOT_FOUND }))).rejects.toThrow(/is target\.endpoint right\?$/);
  });
});

describe('counting tokens', () => {
  it('asks the server’s tokenizer', async () => {
    const server = await serve({ tokenize: document(200, '{"count":12,"max_model_len":4096,"tokens":[1]}') });
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    expect(await countTokens(targetConfig(`${server.url}/v1`), new RealClock(), 'm', { messages })).toBe(12);
    expect(JSON.parse(server.requests[0]!.body)).toEqual({ model: 'm', messages });
  });

  it('is null where the server has none, or is not there', async () => {
    const server = await serve({});
    expect(await countTokens(targetConfig(server.url), new RealClock(), 'm', { prompt: 'Hi' })).toBeNull();
    await server.close();
    open.pop();
    expect(await countTokens(targetConfig(server.url), new RealClock(), 'm', { prompt: 'Hi' })).toBeNull();
  });
});
