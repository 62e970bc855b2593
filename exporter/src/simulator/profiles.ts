import type { IndependentTiming } from './engine/independent.js';
import type { EngineConfig } from './engine/types.js';

/** A server that the simulator can pretend to be. */
export interface Profile {
  name: string;
  /** One line for people. */
  description: string;
  /** The name it is served under. */
  model: string;
  maxModelLen: number;
  engine: EngineConfig;
  /** Timing in mode `independent`. */
  independent: IndependentTiming;
  /** Length of an answer that ends by itself: lognormal tokens. */
  answer: { medianTokens: number; sigma: number };
}

/**
 * One NVIDIA L4, Qwen2.5-0.5B-Instruct in BF16, vLLM with its defaults: 256 tokens in, 128 out at 1–32 users give TTFT
 * p50 27–135 ms, ITL p50 5.1–7.1 ms and 168–3,773 tok/s.
 *
 * - Weights: 0.99 GB at 300 GB/s are 3.3 ms a step; kernel launches and the Python step make it 5.
 * - Keys and values: 24 layers × 2 heads × 64 × 2 (K, V) × 2 bytes = 12,288 bytes a token: 41 ns at 300 GB/s.
 * - Prefill: 2 × 0.49 GFLOP a token at 80 of the 121 TFLOP/s: 12 µs.
 * - KV cache: 60 % of 23 GB less weights and activations, in blocks of 16 tokens.
 * - Front end: an empty server still takes about 19 ms until the scheduler sees a request; how that grows with the
 *   requests in the server is an empirical law, fitted to the six published TTFT medians.
 */
const L4_QWEN: Profile = {
  name: 'l4-qwen0.5b',
  description: 'one NVIDIA L4 with Qwen2.5-0.5B: TTFT 27–135 ms, ITL 5–7 ms at 1–32 users, 256 slots',
  model: 'Qwen/Qwen2.5-0.5B-Instruct',
  maxModelLen: 8192,
  engine: {
    maxNumSeqs: 256,
    maxNumBatchedTokens: 2048,
    blockSize: 16,
    numBlocks: 58_000,
    stepCost: {
      baseSeconds: 5.04e-3,
      perSequenceSeconds: 50e-6,
      perPrefillTokenSeconds: 12e-6,
      perKvTokenSeconds: 41e-9,
      noiseRatio: 0.04,
    },
    frontEnd: { baseSeconds: 19e-3, contentionSeconds: 9e-3, contentionExponent: 0.7, noiseRatio: 0.1 },
  },
  independent: { ttftSeconds: 0.027, itlSeconds: 0.0051 },
  answer: { medianTokens: 160, sigma: 0.6 },
};

/**
 * No server in particular: constant timing and no limits, to find out what a client measures wrongly. In mode `burst`
 * all sequences share steps of 20 ms; a first token then comes 190–210 ms after arrival.
 */
const BENCH: Profile = {
  name: 'bench',
  description: 'for calibrating clients: TTFT 200 ms, ITL 20 ms at any number of users, no limits',
  model: 'bench',
  maxModelLen: 131_072,
  engine: {
    maxNumSeqs: 1_000_000,
    maxNumBatchedTokens: 1_000_000_000,
    blockSize: 16,
    numBlocks: 100_000_000,
    stepCost: {
      baseSeconds: 0.02,
      perSequenceSeconds: 0,
      perPrefillTokenSeconds: 0,
      perKvTokenSeconds: 0,
      noiseRatio: 0,
    },
    frontEnd: { baseSeconds: 0.17, contentionSeconds: 0, contentionExponent: 1, noiseRatio: 0 },
  },
  independent: { ttftSeconds: 0.2, itlSeconds: 0.02 },
  answer: { medianTokens: 200, sigma: 0.5 },
};

const PROFILES: ReadonlyMap<string, Profile> = new Map([L4_QWEN, BENCH].map((profile) => [profile.name, profile]));

/**
 * The profile of that name.
 * @throws RangeError that names the ones there are.
 */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.get(name);
  if (profile === undefined) {
    throw new RangeError(`unknown simulator profile "${name}"; there are: ${[...PROFILES.keys()].join(', ')}`);
  }
  return profile;
}

export interface ProfileDescription {
  name: string;
  model: string;
  description: string;
}

/** All profiles, for help texts. */
export function describeProfiles(): ProfileDescription[] {
  return [...PROFILES.values()].map(({ name, model, description }) => ({ name, model, description }));
}
