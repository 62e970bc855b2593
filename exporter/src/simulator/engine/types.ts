import type { EngineStatistics } from './statistics.js';

/**
 * What one engine step costs, in seconds: base + decoding sequences + prefilled tokens + context tokens read, times
 * (1 + noise).
 */
export interface StepCost {
  /** Reading all weights once and launching the kernels: paid by every step, whatever its batch. */
  baseSeconds: number;
  /** Sampling, detokenising and bookkeeping of each sequence that yields a token. */
  perSequenceSeconds: number;
  /** Arithmetic of one prompt token. */
  perPrefillTokenSeconds: number;
  /** Reading the keys and values of one token of context. */
  perKvTokenSeconds: number;
  /** Standard deviation of a step's time relative to its mean. */
  noiseRatio: number;
}

/**
 * Time from a request's arrival until the scheduler sees it: HTTP, template, tokenising, hand-over. One event loop
 * also writes all other streams, so it takes longer the more requests are in the server:
 * base + contention × others ^ exponent.
 */
export interface FrontEndCost {
  baseSeconds: number;
  contentionSeconds: number;
  contentionExponent: number;
  /** Standard deviation relative to the mean. */
  noiseRatio: number;
}

export interface EngineConfig {
  /** Most sequences that run at once. */
  maxNumSeqs: number;
  /** Most tokens (prefill and decode) of one step; longer prompts are prefilled in chunks. */
  maxNumBatchedTokens: number;
  /** Tokens per KV block. */
  blockSize: number;
  numBlocks: number;
  stepCost: StepCost;
  frontEnd: FrontEndCost;
}

export type FinishReason = 'stop' | 'length' | 'abort';

export interface EngineRequest {
  /** Unique among the requests under way. */
  id: number;
  /** At least 1. */
  promptTokens: number;
  /** How many tokens it will produce, at least 1: decided by the caller. */
  outputTokens: number;
  /** The request's own limit, for the statistics. */
  maxTokens: number;
  finish: 'stop' | 'length';
}

/** What happened, in order of time. `at`: seconds on the caller's clock, when the step ended (or began: `scheduled`). */
export type EngineEvent =
  | { kind: 'scheduled'; id: number; at: number }
  | { kind: 'preempted'; id: number; at: number }
  /** One output token; `produced` is the request's total so far. */
  | { kind: 'token'; id: number; at: number; produced: number }
  | { kind: 'finished'; id: number; at: number; reason: FinishReason };

/** Gauges at one instant. */
export interface EngineLoad {
  /** Arrived, not yet handed to the scheduler. */
  frontEnd: number;
  waiting: number;
  running: number;
  /** KV blocks in use, 0–1. */
  kvUsage: number;
}

/**
 * A source of tokens that is moved by its owner: no clock, no I/O. `now` must never go back.
 */
export interface Engine {
  submit(request: EngineRequest, now: number): void;
  /** False when it is not under way (any more). */
  abort(id: number, now: number): boolean;
  /** Everything that happened up to `now`. */
  step(now: number): EngineEvent[];
  /** When `step` has something to do next; Infinity: nothing unless a request comes. */
  nextEventAt(): number;
  load(): EngineLoad;
  readonly statistics: EngineStatistics;
}
