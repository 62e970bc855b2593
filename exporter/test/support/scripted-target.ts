import type { Clock, Timer } from '../../src/clock/clock.js';
import type {
  Channel,
  ErrorClass,
  Exchange,
  ExchangeListener,
  Outcome,
  SendOptions,
  Target,
  TargetStats,
} from '../../src/target/types.js';
import type { TurnRequest } from '../../src/workload/types.js';

/** How a scripted server answers: times in seconds after the request. */
export interface Script {
  ttft: number;
  gap: number;
  tokens: number;
  fail?: { after: number; outcome: ErrorClass; retryAfter?: number };
}

class ScriptedExchange implements Exchange {
  firstChunkAt = NaN;
  firstTokenAt = NaN;
  firstVisibleAt = NaN;
  lastTokenAt = NaN;
  finishedAt = NaN;
  endedAt = NaN;
  tokenChunks = 0;
  outputTokens = NaN;
  inputTokens = NaN;
  cachedTokens = NaN;
  readonly tokensSource = 'usage';
  httpStatus = 200;
  retryAfterSeconds = NaN;
  text = '';
  outcome: Outcome | null = null;
  detail = '';
  private readonly timers: Timer[] = [];

  constructor(
    readonly requestId: string,
    readonly startedAt: number,
    private readonly clock: Clock,
    private readonly listener: ExchangeListener,
    private readonly script: Script,
  ) {
    if (script.fail) this.at(script.fail.after, () => this.end(script.fail!.outcome));
    for (let k = 0; k < script.tokens; k++) this.at(script.ttft + k * script.gap, () => this.token());
    this.at(script.ttft + (script.tokens - 1) * script.gap, () => this.end('ok'));
  }

  cancel(reason: ErrorClass = 'aborted'): void {
    if (this.outcome === null) this.end(reason);
  }

  private at(delay: number, act: () => void): void {
    this.timers.push(this.clock.timer(delay, act));
  }

  private token(): void {
    const now = this.clock.now();
    const gap = now - this.lastTokenAt;
    if (Number.isNaN(this.firstTokenAt)) {
      this.firstChunkAt = this.firstTokenAt = this.firstVisibleAt = now;
    }
    this.lastTokenAt = now;
    this.tokenChunks += 1;
    this.listener.onTokenChunk(this, now, 1, gap);
  }

  private end(outcome: Outcome): void {
    for (const timer of this.timers) timer.cancel();
    this.endedAt = this.clock.now();
    this.outcome = outcome;
    if (outcome === 'ok') {
      this.finishedAt = this.endedAt;
      this.inputTokens = 10;
      this.outputTokens = this.tokenChunks;
      this.text = 'answer';
    } else {
      this.detail = `scripted ${outcome}`;
      this.retryAfterSeconds = this.script.fail?.retryAfter ?? NaN;
    }
    this.listener.onEnd(this);
  }
}

/** A server on the injected clock that answers as told: a real implementation of the `Target` port for virtual time. */
export class ScriptedTarget implements Target {
  readonly sent: { at: number; request: TurnRequest; requestId: string }[] = [];
  inFlight = 0;
  openChannels = 0;

  constructor(
    private readonly clock: Clock,
    /** Script of the n-th request, n from 0; `inFlight` counts it in. */
    private readonly script: (n: number, inFlight: number) => Script,
  ) {}

  channel(): Channel {
    this.openChannels += 1;
    return {
      warm: () => Promise.resolve(),
      send: (request, options, listener) => this.send(request, options, listener),
      close: () => {
        this.openChannels -= 1;
      },
    };
  }

  flush(): void {
    // Nothing is ever held back.
  }

  stats(): TargetStats {
    const requests = this.sent.length;
    return {
      socketsOpen: this.openChannels,
      socketsWaiting: 0,
      connects: 0,
      connectSecondsSum: 0,
      requests,
      reusedRequests: 0,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private send(request: TurnRequest, options: SendOptions, listener: ExchangeListener): Exchange {
    this.sent.push({ at: this.clock.now(), request, requestId: options.requestId });
    this.inFlight += 1;
    const counting: ExchangeListener = {
      onTokenChunk: (...args) => listener.onTokenChunk(...args),
      onEnd: (exchange) => {
        this.inFlight -= 1;
        listener.onEnd(exchange);
      },
    };
    const script = this.script(this.sent.length - 1, this.inFlight);
    return new ScriptedExchange(options.requestId, this.clock.now(), this.clock, counting, script);
  }
}
