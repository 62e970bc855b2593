import type { TurnRequest } from '../workload/types.js';

/** Why a request failed. A client time-out is censored, not a server error. */
export const ERROR_CLASSES = [
  'connect',
  'tls',
  'timeout_first_token',
  'timeout_idle',
  'timeout_total',
  'http_4xx',
  'http_429',
  'http_5xx',
  'truncated',
  'malformed',
  'empty',
  'aborted',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

export type Outcome = 'ok' | ErrorClass;

/** Where output token counts come from: the server's `usage`, or counted token chunks when it sends none. */
export type TokensSource = 'usage' | 'chunks';

/**
 * One request under way or ended. Times are `Clock.now()` seconds, NaN while unknown; token counts NaN while unknown.
 * The object is live: the target writes it, the listener reads it.
 */
export interface Exchange {
  readonly requestId: string;
  /** Just before the request was written. */
  readonly startedAt: number;
  /** First chunk with a choice, even one without a token. */
  readonly firstChunkAt: number;
  /** First token chunk: the headline TTFT. */
  readonly firstTokenAt: number;
  /** First chunk with non-empty, non-reasoning content. */
  readonly firstVisibleAt: number;
  readonly lastTokenAt: number;
  /** Chunk with a finish_reason. */
  readonly finishedAt: number;
  /** End of the response, or the moment of the failure. */
  readonly endedAt: number;
  readonly tokenChunks: number;
  readonly outputTokens: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly tokensSource: TokensSource;
  /** NaN until the response's head arrived. */
  readonly httpStatus: number;
  /** Seconds a 429/503 asked us to wait; NaN without. */
  readonly retryAfterSeconds: number;
  /** Visible answer text; empty unless the request asked to collect it. */
  readonly text: string;
  /** null while under way. */
  readonly outcome: Outcome | null;
  /** For people: what failed, with the server's own words, redacted; empty when ok. */
  readonly detail: string;
  /** Ends it at once with outcome `aborted` (or the given class); does nothing when ended. */
  cancel(reason?: ErrorClass): void;
}

/** Told of an exchange's events after the fact: stamps were taken in the socket's callback, calls come later. */
export interface ExchangeListener {
  /**
   * A chunk that carries output tokens arrived at `at` (seconds). `tokens` ≥ 1. `gapSeconds` is the time since the
   * previous token chunk of this exchange, NaN for the first one.
   */
  onTokenChunk(exchange: Exchange, at: number, tokens: number, gapSeconds: number): void;
  /**
   * The exchange ended; `exchange.outcome` is set. Called once, never from inside `send`. When usage told of more
   * tokens than the chunks did, the surplus is in `exchange.outputTokens` only.
   */
  onEnd(exchange: Exchange): void;
}

export interface SendOptions {
  /** Sent as X-Request-Id. */
  requestId: string;
  /** Keep the visible answer in `exchange.text`. */
  collectText: boolean;
}

/** One user's own warm keep-alive connection; at most one exchange at a time. */
export interface Channel {
  /** Opens the connection ahead of the first request. Never rejects: a failure shows at the first request. */
  warm(): Promise<void>;
  /** Writes the request now. Failures are reported by `onEnd`, never thrown. */
  send(request: TurnRequest, options: SendOptions, listener: ExchangeListener): Exchange;
  close(): void;
}

/** Counters and gauges of a target's connections; all cumulative unless said. */
export interface TargetStats {
  /** Now open sockets. */
  socketsOpen: number;
  /** Now waiting for a connection to be established. */
  socketsWaiting: number;
  connects: number;
  connectSecondsSum: number;
  requests: number;
  /** Requests that went out on a connection that had served one before. */
  reusedRequests: number;
}

/** A server under load. HTTP in reality, the simulator's engine in virtual time. */
export interface Target {
  channel(): Channel;
  /** Interprets everything stamped so far and tells the listeners, before it returns (at a window's edge). */
  flush(): void;
  stats(): TargetStats;
  close(): Promise<void>;
}

/** What the server was found to take, so that workers need not try it again. */
export interface TargetCapabilities {
  /** `stream_options.include_usage` is accepted and answered. */
  usage: boolean;
  /** `stream_options.continuous_usage_stats` is accepted and answered: each chunk tells its running token count. */
  continuousUsage: boolean;
}
