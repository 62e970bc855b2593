import type { Clock } from '../clock/clock.js';
import { targetUrls } from './endpoint-url.js';
import type { HttpExchange } from './exchange.js';
import type { HttpTargetConfig, ServerConfig } from './http-config.js';
import { HttpTarget } from './http-target.js';
import { listModels, unauthorized, type ListedModel } from './models.js';
import { noAnswer } from './plain-http.js';
import { TargetError } from './target-error.js';
import type { TurnRequest } from '../workload/types.js';
import type { Exchange, TargetCapabilities } from './types.js';

export interface PreflightConfig extends ServerConfig {
  /** null: the only model that the server lists. */
  model: string | null;
}

/** What a server was found to be, by one small request. */
export interface PreflightResult {
  model: string;
  /** All that the server lists; null when it has no list. */
  listedModels: readonly string[] | null;
  /** Longest prompt and answer together, in tokens; null: not told. */
  maxModelLen: number | null;
  capabilities: TargetCapabilities;
  /** Seconds; NaN when no token came. */
  firstTokenSeconds: number;
  latencySeconds: number;
  /** Tokens of the small prompt as the server counts them; NaN without usage. */
  promptTokens: number;
  /** Every generation that was asked for, so that the caller can account for each. */
  exchanges: readonly Exchange[];
}

const ATTEMPTS: readonly TargetCapabilities[] = [
  { usage: true, continuousUsage: true },
  { usage: true, continuousUsage: false },
  { usage: false, continuousUsage: false },
];
/** The small request that a server is looked at with. */
export const PROBE = { messages: [{ role: 'user', content: 'Say hello.' }], maxTokens: 8, ignoreEos: false } as const;

/**
 * Looks at a server before any load: is it there, does it let us in, which models does it serve, does it stream, and
 * what usage does it tell? Options that it refuses with a 400 are left out one after the other.
 * @throws TargetError with what is wrong and what to do
 */
export async function preflight(
  config: PreflightConfig,
  clock: Clock,
  requestId = 'preflight',
): Promise<PreflightResult> {
  const listed = await listModels(config, clock);
  const model = config.model ?? onlyModel(config, listed);
  const exchanges: HttpExchange[] = [];
  for (const capabilities of ATTEMPTS) {
    const exchange = await askOnce(
      { ...config, model, capabilities },
      clock,
      PROBE,
      `${requestId}-${exchanges.length + 1}`,
    );
    exchanges.push(exchange);
    const optionRefused = exchange.httpStatus === 400 || exchange.httpStatus === 422;
    if (optionRefused && capabilities.usage && !mentionsModel(exchange.detail, model)) continue;
    if (exchange.outcome !== 'ok' && exchange.outcome !== 'empty') throw unusable(exchange, config, model, listed);
    break;
  }
  const last = exchanges.at(-1)!;
  const capabilities = { usage: last.tokensSource === 'usage', continuousUsage: last.continuousUsageSeen };
  return preflightOf(exchanges, model, listed, capabilities);
}

/** Asks one question outside any load. Failures are in the exchange's outcome. */
export async function askOnce(
  config: HttpTargetConfig,
  clock: Clock,
  request: TurnRequest,
  requestId: string,
): Promise<HttpExchange> {
  const target = new HttpTarget(config, clock);
  try {
    return await new Promise<HttpExchange>((resolve) => {
      const onEnd = (): void => resolve(exchange);
      const listener = { onTokenChunk: () => undefined, onEnd };
      const exchange = target.channel().send(request, { requestId, collectText: false }, listener);
    });
  } finally {
    await target.close();
  }
}

/** What the exchanges, at least one, tell of a server. */
export function preflightOf(
  exchanges: readonly Exchange[],
  model: string,
  listed: readonly ListedModel[] | null,
  capabilities: TargetCapabilities,
): PreflightResult {
  const last = exchanges.at(-1)!;
  const end = Math.max(...[last.lastTokenAt, last.finishedAt, last.startedAt].filter((at) => !Number.isNaN(at)));
  return {
    model,
    listedModels: listed?.map((entry) => entry.id) ?? null,
    maxModelLen: listed?.find((entry) => entry.id === model)?.maxModelLen ?? null,
    capabilities,
    firstTokenSeconds: last.firstTokenAt - last.startedAt,
    latencySeconds: end - last.startedAt,
    promptTokens: last.inputTokens,
    exchanges,
  };
}

function onlyModel(config: PreflightConfig, listed: ListedModel[] | null): string {
  const { origin } = targetUrls(config.baseUrl, config.endpoint);
  const only = listed?.length === 1 ? listed[0] : undefined;
  if (only !== undefined) return only.id;
  if (listed === null) {
    throw new TargetError('model_not_found', `target ${origin} lists no models at /v1/models: set target.model`);
  }
  const choice = listed.length === 0 ? 'serves no model' : `serves several models: ${names(listed)}`;
  throw new TargetError('model_not_found', `target ${origin} ${choice}; set target.model`);
}

function names(listed: readonly ListedModel[]): string {
  return listed.map((entry) => entry.id).join(', ');
}

function mentionsModel(detail: string, model: string): boolean {
  return /\bmodel\b.*(not found|does not exist|unknown|not exist)/i.test(detail) && detail.includes(model);
}

function unusable(
  exchange: HttpExchange,
  config: PreflightConfig,
  model: string,
  listed: ListedModel[] | null,
): TargetError {
  const where = `target ${targetUrls(config.baseUrl, config.endpoint).shown}`;
  const said = exchange.detail.replace(/^\S+: /, '');
  const { httpStatus: status } = exchange;
  if (status === 401 || status === 403) return unauthorized(where, status, said.replace(/^answered \d+:? ?/, ''));
  if (status === 404 || (status === 400 && mentionsModel(said, model)))
    return notFound(where, exchange, said, model, listed);
  switch (exchange.outcome) {
    case 'connect':
    case 'tls':
      return noAnswer(where, { outcome: exchange.outcome, reason: said });
    case 'timeout_first_token':
    case 'timeout_idle':
    case 'timeout_total':
      return new TargetError('timeout', `${where}: ${said}; is the server busy, or target.timeouts too short?`);
    case 'http_4xx':
      return new TargetError('bad_request', `${where} ${said}; see request.extraBody and target.endpoint`);
    case 'malformed':
      return malformed(exchange, where, said);
    default:
      return new TargetError('server_error', `${where}: ${said}`);
  }
}

function notFound(
  where: string,
  exchange: HttpExchange,
  said: string,
  model: string,
  listed: ListedModel[] | null,
): TargetError {
  const { httpStatus: status } = exchange;
  if (listed?.some((entry) => entry.id === model) === true) {
    const message = `${where} ${said}, though it serves model "${model}"; is target.endpoint right?`;
    return new TargetError('not_openai', message);
  }
  const serves = listed === null || listed.length === 0 ? `the server said: ${said}` : `it serves: ${names(listed)}`;
  return new TargetError('model_not_found', `${where} answered ${status} for model "${model}"; ${serves}`);
}

function malformed(exchange: HttpExchange, where: string, said: string): TargetError {
  if (exchange.unstreamed === null) return new TargetError('server_error', `${where}: ${said}`);
  if (!exchange.unstreamed.isJsonDocument) return new TargetError('not_openai', `${where} ${said}`);
  return new TargetError(
    'not_streaming',
    `${where} ${said}; without a stream there is no TTFT: put a streaming server behind it`,
  );
}
