import type { BlockHashes } from './block-hash.js';
import type { EngineStatistics, LatencyEdges } from './statistics.js';

/**
 * What one engine step costs, in seconds: base + decoding sequences + prefilled tokens + context tokens read (+ drafts
 * where it speculates: `Speculation`), times (1 + noise).
 */
export interface StepCost {
  /** Reading all weights once and launching the kernels: paid by every step, whatever its batch. */
  baseSeconds: number;
  /** Sampling, detokenising and bookkeeping of each sequence that yields a token. */
  perSequenceSeconds: number;
  /** Arithmetic of one prompt token, or of one drafted token to verify. */
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

/** Speculative decoding: a small drafter proposes tokens, the next step verifies them all at once. */
export interface Speculation {
  /** Drafted tokens of each sequence and step, at least 1. */
  draftTokens: number;
  /**
   * Chance that the draft at each position is accepted, given that those before it were; the last one holds for all
   * further positions. vLLM's `…_accepted_tokens_per_pos` are the running products of these.
   */
  acceptance: readonly number[];
  /** The drafter's own pass for one position: paid once a step for each drafted position, whatever the batch. */
  perDraftSeconds: number;
  /** The drafter's and the rejection sampler's work on one sequence, once a step. */
  perSequenceSeconds: number;
}

/** One worker: a scheduler with its KV cache and its accelerator. */
export interface EngineConfig {
  /** Most sequences that run at once. */
  maxNumSeqs: number;
  /** Most tokens (prefill, decode and drafts) of one step; longer prompts are prefilled in chunks. */
  maxNumBatchedTokens: number;
  /** Tokens per KV block. */
  blockSize: number;
  numBlocks: number;
  /** Finished requests' blocks stay until their room is needed, and are found by later prompts that begin alike. */
  enablePrefixCaching: boolean;
  /** null: one token a step. */
  speculation: Speculation | null;
  stepCost: StepCost;
  frontEnd: FrontEndCost;
}

/**
 * How requests are spread over workers. `kv-aware` is the rule of NVIDIA Dynamo's router: the worker with the least
 * `overlapWeight` × blocks to prefill (its own backlog and what this request would add) + blocks it holds.
 */
export type Routing = { kind: 'round-robin' } | { kind: 'kv-aware'; overlapWeight: number };

/** What serves one address. */
export interface Deployment {
  /** At least one. */
  workers: readonly EngineConfig[];
  routing: Routing;
  /**
   * Requests that something before the workers lets through at once; the others wait there, unseen by the workers.
   * 1: a proxy that serves one at a time. Infinity: no such thing.
   */
  admitted: number;
  maxModelLen: number;
  /** Buckets of the latency histograms; vLLM's by default. */
  edges?: LatencyEdges;
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
  /**
   * Names of the full blocks of prompt and output together, in order (`hashBlocks` with the engine's `blockSize`).
   * Without them the request neither finds nor leaves anything in the prefix cache.
   */
  blockHashes?: BlockHashes;
}

/** What happened, in order of time. `at`: seconds on the caller's clock, when the step ended (or began: `scheduled`). */
export type EngineEvent =
  /** Becomes part of a step; `cachedTokens` of its prompt were found in the prefix cache. Again after a preemption. */
  | { kind: 'scheduled'; id: number; at: number; cachedTokens: number }
  | { kind: 'preempted'; id: number; at: number }
  /** `tokens` output tokens at once, 1 without speculation; `produced` is the request's total so far, with these. */
  | { kind: 'token'; id: number; at: number; tokens: number; produced: number }
  | { kind: 'finished'; id: number; at: number; reason: FinishReason };

/** Gauges at one instant. */
export interface EngineLoad {
  /** Arrived, not yet handed to the scheduler. */
  frontEnd: number;
  waiting: number;
  running: number;
  /** KV blocks in use, 0–1; what only the prefix cache keeps is free. */
  kvUsage: number;
}

/** One worker's own figures. */
export interface EngineWorker {
  load(): EngineLoad;
  readonly statistics: EngineStatistics;
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
  /** Of all workers together: counts added, KV usage averaged. */
  load(): EngineLoad;
  /** Of all workers together; summed up anew at each reading where there are several. */
  readonly statistics: EngineStatistics;
  readonly workers: readonly EngineWorker[];
  /**
   * Forgets all cached blocks. False, and nothing forgotten, while requests hold blocks, unless `preemptRunning`, which
   * puts the running ones back into the queue (vLLM's `reset_running_requests`).
   */
  resetPrefixCache(now: number, preemptRunning: boolean): boolean;
}

/** One worker as a router sees it. */
export interface RoutableEngine extends Engine {
  readonly config: EngineConfig;
  /** Tokens of the prompt that its prefix cache holds now. */
  cachedTokens(request: EngineRequest): number;
}
