import type { TurnRequest } from '../workload/types.js';
import type { HttpTargetConfig } from './http-config.js';

type BodyConfig = Pick<HttpTargetConfig, 'model' | 'endpoint' | 'temperature' | 'extraBody' | 'capabilities'>;

/** The JSON of one streamed generation request. */
export function requestBody(config: BodyConfig, request: TurnRequest): Buffer {
  const { capabilities, temperature } = config;
  const body: Record<string, unknown> = { model: config.model, ...question(config, request) };
  body.max_tokens = request.maxTokens;
  if (temperature !== null) body.temperature = temperature;
  if (request.ignoreEos) body.ignore_eos = true;
  Object.assign(body, config.extraBody);
  body.stream = true;
  if (capabilities.usage) {
    const options: Record<string, boolean> = { include_usage: true };
    if (capabilities.continuousUsage) options.continuous_usage_stats = true;
    body.stream_options = options;
  }
  return Buffer.from(JSON.stringify(body));
}

function question(config: BodyConfig, request: TurnRequest): Record<string, unknown> {
  if (config.endpoint === 'chat') return { messages: request.messages };
  return { prompt: promptOf(request) };
}

/** Messages as the text that a completions endpoint gets: their contents joined by blank lines. */
export function promptOf(request: TurnRequest): string {
  return request.messages.map((message) => message.content).join('\n\n');
}
