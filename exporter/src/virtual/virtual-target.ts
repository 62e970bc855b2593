import type { Clock } from '../clock/clock.js';
import type { TimeoutsSpec } from '../config/spec.js';
import type { EngineDriver } from '../simulator/driver.js';
import type { Generation } from '../simulator/http/generation.js';
import { Deadlines } from '../target/deadlines.js';
import type { Channel, Exchange, ExchangeListener, SendOptions, Target, TargetStats } from '../target/types.js';
import type { TurnRequest } from '../workload/types.js';
import { VirtualExchange, type Refusal, type VirtualRoom } from './virtual-exchange.js';

export interface VirtualTargetOptions {
  clock: Clock;
  driver: EngineDriver;
  /** What the server makes of a request. */
  generate: (request: TurnRequest) => Generation | Refusal;
  timeouts: TimeoutsSpec;
  networkSeconds: number;
  shown: string;
}

/** A simulated engine as a target: no sockets, no text on a wire, otherwise as over HTTP. */
export class VirtualTarget implements Target {
  private readonly room: VirtualRoom;
  private readonly channels = new Set<VirtualChannel>();
  private opened = 0;
  private requests = 0;
  private reused = 0;

  constructor(private readonly options: VirtualTargetOptions) {
    const { clock, timeouts } = options;
    const shortest = Math.min(timeouts.firstTokenSeconds, timeouts.idleSeconds, timeouts.totalSeconds);
    this.room = { ...options, deadlines: new Deadlines(clock, shortest, () => undefined) };
  }

  channel(): Channel {
    this.opened += 1;
    const channel = new VirtualChannel(
      (request, options, listener) => this.send(request, options, listener),
      (isFirst) => this.count(isFirst),
      () => this.channels.delete(channel),
    );
    this.channels.add(channel);
    return channel;
  }

  flush(): void {
    // Nothing is ever held back: stamps are told as they are made.
  }

  stats(): TargetStats {
    return {
      socketsOpen: this.channels.size,
      socketsWaiting: 0,
      connects: this.opened,
      connectSecondsSum: 0,
      requests: this.requests,
      reusedRequests: this.reused,
    };
  }

  close(): Promise<void> {
    for (const channel of [...this.channels]) channel.close();
    return Promise.resolve();
  }

  private send(request: TurnRequest, options: SendOptions, listener: ExchangeListener): VirtualExchange {
    return new VirtualExchange(this.room, this.options.generate(request), listener, options);
  }

  private count(isFirst: boolean): void {
    this.requests += 1;
    if (!isFirst) this.reused += 1;
  }
}

class VirtualChannel implements Channel {
  private current: Exchange | null = null;

  constructor(
    private readonly start: Channel['send'],
    private readonly onRequest: (isFirst: boolean) => void,
    private readonly onClosed: () => void,
  ) {}

  warm(): Promise<void> {
    return Promise.resolve();
  }

  /** @throws Error when the previous exchange has not ended: a channel holds one at a time */
  send(request: TurnRequest, options: SendOptions, listener: ExchangeListener): Exchange {
    if (this.current !== null && this.current.outcome === null) {
      throw new Error(`request ${options.requestId}: this channel is still busy with ${this.current.requestId}`);
    }
    this.onRequest(this.current === null);
    this.current = this.start(request, options, listener);
    return this.current;
  }

  close(): void {
    this.current?.cancel('aborted');
    this.onClosed();
  }
}
