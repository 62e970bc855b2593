import type { WorkloadSpec } from '../config/spec.js';
import type { GateCheck, RequestRecord } from '../measure/records.js';
import { observesFirstToken, type Span } from './window-cut.js';

/**
 * What the workload means the prefix cache to do. `cold-unique`: no prompt begins as another did; `multi-turn`: only a
 * conversation's own past is found again; `cache-hot`: prompts are repeated on purpose.
 */
export type CacheMode = 'cold-unique' | 'multi-turn' | 'cache-hot';

/** The prefix cache in a window or level. Ratios of prompt tokens, NaN unknown. */
export interface CacheState {
  mode: CacheMode;
  /** Share that the workload lets a prefix cache find. */
  expected: number;
  /** Share that was found. */
  observed: number;
  /** Who told: the usage of our own answers, or the server's counters, which also count what others ask. */
  source: 'usage' | 'server' | null;
  /**
   * `contaminated`: more was found than this run can have put there, so that TTFT is too good; `colder`: less than the
   * workload allows (no prefix cache, evicted, or not routed to where it is), which is the deployment's own doing.
   */
  state: 'as_designed' | 'contaminated' | 'colder' | 'unknown';
  /** Highest share that still is as designed; NaN where the workload sets none. */
  limit: number;
}

/** Found beyond what is expected: whole blocks, and templates that all prompts share. */
const TOLERANCE = 0.1;
const SHARED_TOKENS = 64;
/** Less than expected by more than this is worth a word. */
const COLDER = 0.15;
/** Usage stands for all requests when at least this share of them tells cached tokens. */
const LEAST_TOLD = 0.5;

export function cacheMode(workload: WorkloadSpec): CacheMode {
  switch (workload.kind) {
    case 'synthetic':
      return 'cold-unique';
    case 'prompt':
      return 'cache-hot';
    case 'conversation':
    case 'dataset':
      return workload.salt === 'none' ? 'cache-hot' : 'multi-turn';
  }
}

/**
 * Compares what the prefix cache found with what the workload lets it find, over requests whose first token came in the
 * spans. Expected is computed from the requests as they were asked: of each later turn, the prompt and answer of the turn
 * before. `serverHitRatio` is by the server's counters, NaN unknown. Pure.
 */
export function cacheState(
  workload: WorkloadSpec,
  records: readonly RequestRecord[],
  spans: readonly Span[],
  serverHitRatio: number,
): CacheState {
  const mode = cacheMode(workload);
  const asked = records.filter(
    (record) => record.inputTokens > 0 && spans.some((span) => observesFirstToken(record, span)),
  );
  const prompts = sum(asked, ({ inputTokens }) => inputTokens);
  const expected = expectedRatio(workload, asked, records, prompts);
  const told = asked.filter(({ cachedTokens }) => Number.isFinite(cachedTokens));
  const byUsage = told.length > 0 && told.length >= LEAST_TOLD * asked.length;
  const observed = byUsage
    ? sum(told, ({ cachedTokens }) => cachedTokens) / sum(told, ({ inputTokens }) => inputTokens)
    : serverHitRatio;
  const limit = mode === 'cache-hot' ? NaN : limitAbove(expected, prompts / asked.length);
  const source = Number.isNaN(observed) ? null : byUsage ? 'usage' : 'server';
  return { mode, expected, observed, source, state: stateOf(observed, expected, limit), limit };
}

/** The gate: more in the cache than the run can have put there spoils its times. */
export function cacheGate({ observed, limit, state }: CacheState): GateCheck {
  const words = Number.isNaN(limit) ? 'any' : `at most ${Math.round(limit * 1000) / 10} %`;
  const value = Number.isNaN(observed) ? null : observed;
  return { gate: 'cache', value, limit: words, pass: state !== 'contaminated' };
}

/** No share is above 1: of prompts that are little more than their template nothing can be told. */
function limitAbove(expected: number, meanPromptTokens: number): number {
  return Math.min(1, expected + Math.max(TOLERANCE, SHARED_TOKENS / meanPromptTokens));
}

function stateOf(observed: number, expected: number, limit: number): CacheState['state'] {
  if (Number.isNaN(observed) || Number.isNaN(expected)) return 'unknown';
  if (observed > limit) return 'contaminated';
  return observed < expected - COLDER ? 'colder' : 'as_designed';
}

/** NaN where the workload's own files decide what is shared. */
function expectedRatio(
  workload: WorkloadSpec,
  asked: readonly RequestRecord[],
  records: readonly RequestRecord[],
  prompts: number,
): number {
  if (prompts === 0) return NaN;
  if (workload.kind === 'synthetic') return 0;
  if (workload.kind === 'prompt') return 1;
  const shared = workload.salt === 'none';
  if (shared && workload.kind === 'dataset') return NaN;
  const turns = new Map(records.map((record) => [`${record.conversation}/${record.turn}`, record]));
  const found = sum(asked, ({ conversation, turn, inputTokens }) => {
    if (turn === 1) return shared ? inputTokens : 0;
    const before = turns.get(`${conversation}/${turn - 1}`);
    const past = (before?.inputTokens ?? NaN) + (before?.outputTokens ?? NaN);
    return Number.isFinite(past) ? Math.min(past, inputTokens) : 0;
  });
  return found / prompts;
}

function sum<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}
