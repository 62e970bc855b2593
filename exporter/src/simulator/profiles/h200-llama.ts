import type { Accelerator, Profile } from './profile.js';

/**
 * One NVIDIA H200 (4.8 TB/s, 1,979 TFLOP/s in FP8, 141 GB) with Llama 3.x 70B in FP8.
 */
const H200_LLAMA_70B: Accelerator = {
  name: 'NVIDIA H200',
  memoryBytes: 143_771 * 2 ** 20,
  reservedRatio: 0.9,
  bandwidthBytesPerSecond: 4.8e12,
  flopsPerSecond: 1979e12,
  idleWatts: 75,
  maxWatts: 700,
  smClockMhz: 1980,
  // 80 layers × 8 KV heads × 128 × 2 (K, V) × 1 byte (FP8)
  model: { weightBytes: 70.6e9, kvBytesPerToken: 163_840, flopsPerToken: 141e9 },
};

/**
 * vLLM behind NVIDIA Dynamo's front end, calibrated to a published sweep of 50 to 120 users with 3,500-token passages:
 * TPOT p50 44 to 84 ms, TTFT p50 174 to 258 ms up to 100 users. Derivations: docs/profiles.md.
 *
 * - Weights: 70.6 GB at 92 % of 4.8 TB/s are 16 ms a step.
 * - Keys and values: 163,840 bytes a token at half of 4.8 TB/s, as paged attention over FP8 reaches: 68 ns.
 * - Prefill: 141 GFLOP a token at 65 % of 1,979 TFLOP/s: 110 µs.
 * - Sampling over a vocabulary of 128,256 and the Python step's bookkeeping: 140 µs a sequence (fitted).
 * - Front end: 75 ms in an empty server, 0.62 ms for each request it streams (fitted to the TTFT medians).
 * - KV cache: 18,000 blocks of 16 tokens, 47 GB: inferred from the level at which the published TTFT breaks away.
 */
export const H200_LLAMA: Profile = {
  name: 'h200-llama70b-fp8',
  description: 'one NVIDIA H200 with Llama 3.1 70B FP8 on vLLM behind Dynamo: TPOT 44–84 ms at 50–120 users, 128 slots',
  model: 'meta-llama/Llama-3.1-70B-Instruct-FP8',
  maxModelLen: 32_768,
  engine: {
    maxNumSeqs: 128,
    maxNumBatchedTokens: 8192,
    blockSize: 16,
    numBlocks: 18_000,
    enablePrefixCaching: true,
    speculation: null,
    stepCost: {
      baseSeconds: 16e-3,
      perSequenceSeconds: 140e-6,
      perPrefillTokenSeconds: 110e-6,
      perKvTokenSeconds: 68e-9,
      noiseRatio: 0.03,
    },
    frontEnd: { baseSeconds: 75e-3, contentionSeconds: 0.62e-3, contentionExponent: 1, noiseRatio: 0.1 },
  },
  workers: 1,
  routing: { kind: 'round-robin' },
  admitted: Infinity,
  accelerator: H200_LLAMA_70B,
  independent: { ttftSeconds: 0.2, itlSeconds: 0.045 },
  answer: { medianTokens: 905, sigma: 0.2 },
};

/**
 * The same with EAGLE-3 speculation and 64 slots, where the drafter does not fit the model: its drafts are nearly all
 * refused. The drafter: 1.3 B parameters in BF16, 2.6 GB at 4.8 TB/s, for each of the 3 positions; each draft is
 * verified at the price of a prefilled token. Calibrated to a published sweep of 50 to 160 users: docs/profiles.md.
 */
export const H200_LLAMA_EAGLE3: Profile = {
  ...H200_LLAMA,
  name: 'h200-llama70b-fp8-eagle3',
  description: 'the same with EAGLE-3 speculation (3 drafts, hardly any accepted) and 64 slots',
  model: 'meta-llama/Llama-3.3-70B-Instruct-FP8',
  engine: {
    ...H200_LLAMA.engine,
    maxNumSeqs: 64,
    maxNumBatchedTokens: 16_384,
    numBlocks: 18_200,
    speculation: { draftTokens: 3, acceptance: [1e-4], perDraftSeconds: 0.55e-3, perSequenceSeconds: 10e-6 },
  },
  answer: { medianTokens: 930, sigma: 0.2 },
};

/**
 * Three such GPUs with TensorRT-LLM, a batch of 64 each, behind Dynamo's KV-aware router; blocks of 32 tokens. Calibrated
 * to a published sweep of 160 to 200 users: docs/profiles.md.
 *
 * - Step: 16 ms of weights and 11.7 ms of host time between steps (fitted: published TPOT hardly grows with the batch).
 * - Keys and values: 163,840 bytes a token at 85 % of 4.8 TB/s: 40 ns. Sequences: 20 µs in a C++ runtime.
 * - Front end: one for all three workers, 0.62 ms for each request it streams, a third of which each worker sees; 250 ms
 *   for routing, hand-over between nodes and the runtime's own queue (fitted).
 */
export const THREE_H200_TRTLLM: Profile = {
  ...H200_LLAMA,
  name: '3xh200-trtllm-kv',
  description: 'three NVIDIA H200 with Llama 3.1 70B FP8 on TensorRT-LLM, KV-aware routing, 3 × 64 slots',
  engine: {
    ...H200_LLAMA.engine,
    maxNumSeqs: 64,
    blockSize: 32,
    numBlocks: 10_000,
    stepCost: {
      baseSeconds: 27.7e-3,
      perSequenceSeconds: 20e-6,
      perPrefillTokenSeconds: 110e-6,
      perKvTokenSeconds: 40e-9,
      noiseRatio: 0.03,
    },
    frontEnd: { baseSeconds: 0.25, contentionSeconds: 1.86e-3, contentionExponent: 1, noiseRatio: 0.1 },
  },
  workers: 3,
  routing: { kind: 'kv-aware', overlapWeight: 1 },
  answer: { medianTokens: 890, sigma: 0.25 },
};
