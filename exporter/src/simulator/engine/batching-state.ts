import type { BlockHashes } from './block-hash.js';
import { createHolding, createKvCache, type Holding, type KvCache } from './kv-cache.js';
import { seedRandom, type RandomState } from './random.js';
import { createStatistics, type EngineStatistics, type LatencyEdges, type RequestTimes } from './statistics.js';
import type { EngineConfig, EngineEvent, EngineLoad, EngineRequest } from './types.js';

/** One request inside the engine. */
export interface Sequence {
  readonly request: EngineRequest;
  /** null: takes no part in prefix caching. */
  readonly hashes: BlockHashes | null;
  readonly times: RequestTimes;
  /** The queue it is in; a sequence that ended is in none, and gone from `sequences`. */
  stage: 'front-end' | 'waiting' | 'running';
  /** Tokens whose keys and values are in the cache. */
  computed: number;
  /** Prompt tokens found in the prefix cache when it was first admitted. */
  cached: number;
  produced: number;
  preemptions: number;
  readonly holding: Holding;
  /** Tokens of this sequence in the step under way, drafts included; 0: not in it. */
  planned: number;
  /** Drafted ones among them. */
  drafts: number;
}

/** The step under way: its sequences have `planned` > 0. */
export interface StepUnderWay {
  endsAt: number;
}

/** Everything the batching engine is; changed by its functions only. */
export interface EngineState {
  readonly config: EngineConfig;
  readonly random: RandomState;
  readonly statistics: EngineStatistics;
  /** All requests under way, by id. */
  readonly sequences: Map<number, Sequence>;
  /** Arrived, sorted by the time they are handed over. */
  readonly frontEnd: Sequence[];
  /** Handed over, first come first served; preempted ones in front. */
  readonly waiting: Sequence[];
  /** In order of admission. */
  running: Sequence[];
  readonly cache: KvCache;
  step: StepUnderWay | null;
  /** Happened between two calls of `step`; told by the next one. */
  untold: EngineEvent[];
}

/**
 * An idle engine. Equal configurations, seeds and calls give equal events.
 * @throws RangeError when the KV cache could not hold one request of `maxModelLen` tokens: it would wait for ever,
 * or on limits below 1, steps that take no time, or chances outside 0–1.
 */
export function createEngineState(
  config: EngineConfig,
  maxModelLen: number,
  seed: number,
  edges?: LatencyEdges,
): EngineState {
  checkConfig(config, maxModelLen);
  return {
    config,
    random: seedRandom(seed),
    statistics: createStatistics(maxModelLen, edges),
    sequences: new Map(),
    frontEnd: [],
    waiting: [],
    running: [],
    cache: createKvCache(config.numBlocks, config.blockSize),
    step: null,
    untold: [],
  };
}

export function createSequence(config: EngineConfig, request: EngineRequest, times: RequestTimes): Sequence {
  return {
    request,
    hashes: config.enablePrefixCaching ? (request.blockHashes ?? null) : null,
    times,
    stage: 'front-end',
    computed: 0,
    cached: 0,
    produced: 0,
    preemptions: 0,
    holding: createHolding(),
    planned: 0,
    drafts: 0,
  };
}

/** Tokens that are known of a sequence and must be in the cache before its next one can be sampled. */
export function knownTokens(sequence: Sequence): number {
  return sequence.request.promptTokens + sequence.produced;
}

export function engineLoad(state: EngineState): EngineLoad {
  return {
    frontEnd: state.frontEnd.length,
    waiting: state.waiting.length,
    running: state.running.length,
    kvUsage: state.cache.used / state.config.numBlocks,
  };
}

function checkConfig(config: EngineConfig, maxModelLen: number): void {
  const { numBlocks, blockSize, maxNumSeqs, maxNumBatchedTokens, stepCost, speculation } = config;
  const capacity = numBlocks * blockSize;
  if (!(capacity >= maxModelLen)) {
    throw new RangeError(
      `KV cache of ${numBlocks} blocks × ${blockSize} tokens holds ${capacity} tokens, less than one ` +
        `request of maxModelLen ${maxModelLen}; raise numBlocks or lower maxModelLen`,
    );
  }
  if (!(maxNumSeqs >= 1 && maxNumBatchedTokens >= 1)) {
    throw new RangeError(
      `maxNumSeqs (${maxNumSeqs}) and maxNumBatchedTokens (${maxNumBatchedTokens}) must be at least 1`,
    );
  }
  if (!(stepCost.baseSeconds > 0)) {
    throw new RangeError(`stepCost.baseSeconds must be above 0, got ${stepCost.baseSeconds}`);
  }
  if (speculation === null) return;
  const { draftTokens, acceptance } = speculation;
  if (!(Number.isInteger(draftTokens) && draftTokens >= 1)) {
    throw new RangeError(`speculation.draftTokens must be a whole number of at least 1, got ${draftTokens}`);
  }
  if (acceptance.length === 0 || !acceptance.every((chance) => chance >= 0 && chance <= 1)) {
    throw new RangeError(`speculation.acceptance must be chances from 0 to 1, got [${acceptance.join(', ')}]`);
  }
}
