import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fault } from '../faults.js';
import { ApiError, modelNotFound, sendError, sendJson } from './api-error.js';
import { parseBody, readBody, templateMessages, tokenizeSchema, type Messages } from './body.js';
import { parseGeneration, type Endpoint, type Serving } from './generation.js';
import { sendMetrics, type MetricsPages } from './metrics-pages.js';
import type { ReplyContext } from './reply.js';
import { StreamReply } from './stream-reply.js';
import { WholeReply } from './whole-reply.js';

/** Longer than any pause between two levels of a sweep, so that warm connections stay. */
const KEEP_ALIVE_MS = 300_000;

export interface ServerParts {
  serving: Serving;
  replies: ReplyContext;
  metrics: MetricsPages;
  /** Epoch seconds. */
  startedAt: () => number;
  apiKey: string | null;
  /** The fault of the next request that names none itself. */
  nextFault: () => Fault | null;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Monotonic seconds. */
  arrivedAt: number;
  requestId: string;
}

type Handler = (exchange: Exchange) => void | Promise<void>;

/** The HTTP face of the simulator; not yet listening. */
export function createSimulatorServer(parts: ServerParts): Server {
  const routes = createRoutes(parts);
  let requests = 0;
  const server = createServer((request, response) => {
    const arrivedAt = parts.replies.clock.now();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && given !== '' ? given : `sim-${++requests}`;
    response.setHeader('x-request-id', requestId);
    const exchange = { request, response, arrivedAt, requestId };
    void handle(exchange, routes, parts).catch((error: unknown) => {
      if (!(error instanceof ApiError)) process.emitWarning(`simulator: ${String(error)}`);
      sendError(response, error);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1000;
  return server;
}

function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split('?')[0]!;
}

async function handle(
  exchange: Exchange,
  routes: Map<string, Map<string, Handler>>,
  { apiKey, metrics }: ServerParts,
): Promise<void> {
  const { request, response } = exchange;
  const path = pathOf(request);
  if (apiKey !== null && path.startsWith('/v1') && request.headers.authorization !== `Bearer ${apiKey}`) {
    return sendJson(response, 401, { error: 'Unauthorized' });
  }
  if (request.method === 'GET' && sendMetrics(response, path, metrics)) return;
  const methods = routes.get(path);
  if (methods === undefined) return sendJson(response, 404, { detail: 'Not Found' });
  const handler = methods.get(request.method ?? 'GET');
  if (handler === undefined) return sendJson(response, 405, { detail: 'Method Not Allowed' });
  await handler(exchange);
}

function createRoutes(parts: ServerParts): Map<string, Map<string, Handler>> {
  const get = (handler: Handler): Map<string, Handler> => new Map([['GET', handler]]);
  const post = (handler: Handler): Map<string, Handler> => new Map([['POST', handler]]);
  return new Map([
    ['/v1/chat/completions', post((exchange) => generate('chat', exchange, parts))],
    ['/v1/completions', post((exchange) => generate('completions', exchange, parts))],
    ['/v1/models', get(({ response }) => sendJson(response, 200, modelList(parts)))],
    ['/tokenize', post((exchange) => tokenize(exchange, parts.serving))],
    ['/version', get(({ response }) => sendJson(response, 200, { version: '0.32.0+sweepscope-simulator' }))],
    ['/health', get(({ response }) => void response.writeHead(200, { 'content-length': 0 }).end())],
    ['/reset_prefix_cache', post((exchange) => resetPrefixCache(exchange, parts))],
  ]);
}

/**
 * Answers 200 in any case, as vLLM does; the body, which vLLM leaves empty, tells whether the cache was forgotten: never
 * while requests run, unless `?reset_running_requests=true` puts them back into the queue.
 */
function resetPrefixCache({ request, response }: Exchange, { replies }: ServerParts): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://simulator');
  const reset = replies.driver.resetPrefixCache(searchParams.get('reset_running_requests') === 'true');
  sendJson(response, 200, { reset });
}

async function generate(endpoint: Endpoint, exchange: Exchange, parts: ServerParts): Promise<void> {
  const { request, response, arrivedAt, requestId } = exchange;
  const { replies, serving } = parts;
  const text = await readJsonText(request);
  const receivedAt = replies.clock.now();
  const parsed = parseGeneration(endpoint, text, serving);
  const generation = { ...parsed, fault: parsed.fault ?? parts.nextFault() };
  throwHttpFault(generation.fault);
  if (response.destroyed) return;
  const names = { requestId, model: serving.model, created: Math.floor(replies.clock.epoch()) };
  const Kind = generation.stream ? StreamReply : WholeReply;
  new Kind(response, generation, names, { arrivedAt, receivedAt }, replies).start();
}

function throwHttpFault(fault: Fault | null): void {
  if (fault?.fault === 'http_500') throw new ApiError(500, 'EngineCore encountered an issue.', 'InternalServerError');
  if (fault?.fault !== 'http_429') return;
  const headers = { 'retry-after': `${Math.ceil(fault.delaySeconds)}` };
  throw new ApiError(429, 'Too many requests are queued.', 'RateLimitError', null, headers);
}

async function readJsonText(request: IncomingMessage): Promise<string> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(?:[^;]+\+)?json\b/i.test(type)) {
    throw new ApiError(415, "Unsupported Media Type: Only 'application/json' is allowed", 'Unsupported Media Type');
  }
  return readBody(request);
}

async function tokenize({ request, response }: Exchange, serving: Serving): Promise<void> {
  const body = parseBody(tokenizeSchema, await readJsonText(request));
  if (typeof body.model === 'string' && body.model !== serving.model) throw modelNotFound(body.model);
  const { tokenizer, maxModelLen } = serving;
  const all =
    'prompt' in body && typeof body.prompt === 'string'
      ? tokenizer.text(body.prompt)
      : tokenizer.chat(templateMessages((body as { messages: Messages }).messages));
  sendJson(response, 200, { count: all.length, max_model_len: maxModelLen, tokens: [...all], token_strs: null });
}

function modelList({ serving, startedAt }: ServerParts): object {
  const { model, maxModelLen } = serving;
  const created = Math.floor(startedAt());
  const entry = { id: model, object: 'model', created, owned_by: 'vllm', root: model, parent: null };
  return { object: 'list', data: [{ ...entry, max_model_len: maxModelLen, permission: [] }] };
}
