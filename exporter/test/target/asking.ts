import type { Clock } from '../../src/clock/clock.js';
import { RealClock } from '../../src/clock/real-clock.js';
import type { HttpTargetConfig } from '../../src/target/http-config.js';
import { HttpTarget } from '../../src/target/http-target.js';
import type { Channel, Exchange } from '../../src/target/types.js';
import type { TurnRequest } from '../../src/workload/types.js';

export const QUESTION: TurnRequest = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 16, ignoreEos: false };

export function targetConfig(baseUrl: string, changes: Partial<HttpTargetConfig> = {}): HttpTargetConfig {
  return {
    baseUrl,
    model: 'm',
    endpoint: 'chat',
    apiKey: null,
    headers: {},
    tls: { ca: null, cert: null, key: null },
    timeouts: { firstTokenSeconds: 120, idleSeconds: 120, totalSeconds: 120 },
    capabilities: { usage: true, continuousUsage: false },
    temperature: null,
    extraBody: {},
    ...changes,
  };
}

export function httpTarget(
  baseUrl: string,
  changes: Partial<HttpTargetConfig> = {},
  clock: Clock = new RealClock(),
): HttpTarget {
  return new HttpTarget(targetConfig(baseUrl, changes), clock);
}

export interface TokenEvent {
  at: number;
  tokens: number;
  gapSeconds: number;
}

export interface Heard {
  exchange: Exchange;
  tokens: TokenEvent[];
  ends: number;
}

/** Sends one request; `ended` resolves when it has ended. */
export function send(
  channel: Channel,
  request: TurnRequest = QUESTION,
  options = { requestId: 'r-1', collectText: true },
): { heard: Heard; ended: Promise<Heard> } {
  const tokens: TokenEvent[] = [];
  let heard!: Heard;
  const ended = new Promise<Heard>((resolve) => {
    const exchange = channel.send(request, options, {
      onTokenChunk: (_, at, count, gapSeconds) => tokens.push({ at, tokens: count, gapSeconds }),
      onEnd: () => {
        heard.ends += 1;
        resolve(heard);
      },
    });
    heard = { exchange, tokens, ends: 0 };
  });
  return { heard, ended };
}

export function ask(channel: Channel, request: TurnRequest = QUESTION): Promise<Heard> {
  return send(channel, request).ended;
}
