import type { Clock } from '../clock/clock.js';
import { HttpChannel, type ChannelRoom } from './channel.js';
import { Connections, connectOptions } from './connections.js';
import { Deadlines } from './deadlines.js';
import { targetUrls } from './endpoint-url.js';
import { baseHeaders, configRedactor, type HttpTargetConfig } from './http-config.js';
import { requestBody } from './request-body.js';
import type { StampDelayCounts } from './stamp-delay.js';
import { StampQueue } from './stamp-queue.js';
import type { Target, TargetStats } from './types.js';

/**
 * An OpenAI-compatible server over HTTP/1.1: streamed chat completions or completions, one keep-alive connection a
 * channel. Each chunk is stamped in its socket's callback, before any is decoded.
 */
export class HttpTarget implements Target {
  private readonly room: ChannelRoom;
  private readonly queue: StampQueue;
  private readonly channels = new Set<HttpChannel>();

  /** @throws TargetError (`configuration`) when the URL can't be used */
  constructor(config: HttpTargetConfig, clock: Clock) {
    const urls = targetUrls(config.baseUrl, config.endpoint);
    const { timeouts } = config;
    const queue = new StampQueue(clock);
    const shortest = Math.min(timeouts.firstTokenSeconds, timeouts.idleSeconds, timeouts.totalSeconds);
    this.queue = queue;
    this.room = {
      clock,
      queue,
      deadlines: new Deadlines(clock, shortest, () => queue.drain()),
      timeouts,
      redact: configRedactor(config, urls),
      shown: urls.shown,
      continuousUsage: config.capabilities.continuousUsage,
      connections: new Connections(clock, config.tls, connectOptions(urls.origin)),
      origin: urls.origin,
      path: urls.generate,
      headers: baseHeaders(config, urls),
      body: (request) => requestBody(config, request),
      onClosed: (channel) => this.channels.delete(channel),
    };
  }

  /** Upper bounds of how late chunks were stamped. */
  get stampDelays(): StampDelayCounts {
    return this.queue.delays;
  }

  channel(): HttpChannel {
    const channel = new HttpChannel(this.room);
    this.channels.add(channel);
    return channel;
  }

  flush(): void {
    this.queue.drain();
  }

  stats(): TargetStats {
    return { ...this.room.connections.stats };
  }

  async close(): Promise<void> {
    await Promise.all([...this.channels].map((channel) => channel.end()));
  }
}
