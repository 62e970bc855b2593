import { seedRandom, type RandomState } from './random.js';
import { createStatistics, type EngineStatistics, type RequestTimes } from './statistics.js';
import type { EngineConfig, EngineLoad, EngineRequest } from './types.js';

/** One request inside the engine. */
export interface Sequence {
  readonly request: EngineRequest;
  readonly times: RequestTimes;
  /** The queue it is in; a sequence that ended is in none, and gone from `sequences`. */
  stage: 'front-end' | 'waiting' | 'running';
  /** Tokens whose keys and values are in the cache; a prefix cache would let it start above 0. */
  computed: number;
  produced: number;
  blocks: number;
  /** Tokens of this sequence in the step under way; 0: not in it. */
  planned: number;
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
  usedBlocks: number;
  step: StepUnderWay | null;
}

/**
 * An idle engine. Equal configurations, seeds and calls give equal events.
 * @throws RangeError when the KV cache could not hold one request of `maxModelLen` tokens: it would wait for ever,
 * or on limits below 1 or steps that take no time.
 */
export function createEngineState(config: EngineConfig, maxModelLen: number, seed: number): EngineState {
  const capacity = config.numBlocks * config.blockSize;
  if (capacity < maxModelLen) {
    throw new RangeError(
      `KV cache of ${config.numBlocks} blocks × ${config.blockSize} tokens holds ${capacity} tokens, less than one ` +
        `request of maxModelLen ${maxModelLen}; raise numBlocks or lower maxModelLen`,
    );
  }
  if (!(config.maxNumSeqs >= 1 && config.maxNumBatchedTokens >= 1)) {
    throw new RangeError(
      `maxNumSeqs (${config.maxNumSeqs}) and maxNumBatchedTokens (${config.maxNumBatchedTokens}) must be at least 1`,
    );
  }
  if (!(config.stepCost.baseSeconds > 0)) {
    throw new RangeError(`stepCost.baseSeconds must be above 0, got ${config.stepCost.baseSeconds}`);
  }
  return {
    config,
    random: seedRandom(seed),
    statistics: createStatistics(maxModelLen),
    sequences: new Map(),
    frontEnd: [],
    waiting: [],
    running: [],
    usedBlocks: 0,
    step: null,
  };
}

/** Tokens that are known of a sequence and must be in the cache before its next one can be sampled. */
export function knownTokens(sequence: Sequence): number {
  return sequence.request.promptTokens + sequence.produced;
}

/** Takes blocks for `tokens` tokens of context in all; false, and nothing changed, when too few are free. */
export function growBlocks(state: EngineState, sequence: Sequence, tokens: number): boolean {
  const wanted = Math.ceil(tokens / state.config.blockSize) - sequence.blocks;
  if (wanted <= 0) return true;
  if (state.usedBlocks + wanted > state.config.numBlocks) return false;
  sequence.blocks += wanted;
  state.usedBlocks += wanted;
  return true;
}

export function freeBlocks(state: EngineState, sequence: Sequence): void {
  state.usedBlocks -= sequence.blocks;
  sequence.blocks = 0;
}

export function engineLoad(state: EngineState): EngineLoad {
  return {
    frontEnd: state.frontEnd.length,
    waiting: state.waiting.length,
    running: state.running.length,
    kvUsage: state.usedBlocks / state.config.numBlocks,
  };
}
