import type { Profile } from './profile.js';

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
export const L4_QWEN: Profile = {
  name: 'l4-qwen0.5b',
  description: 'one NVIDIA L4 with Qwen2.5-0.5B: TTFT 27–135 ms, ITL 5–7 ms at 1–32 users, 256 slots',
  model: 'Qwen/Qwen2.5-0.5B-Instruct',
  maxModelLen: 8192,
  engine: {
    maxNumSeqs: 256,
    maxNumBatchedTokens: 2048,
    blockSize: 16,
    numBlocks: 58_000,
    enablePrefixCaching: true,
    speculation: null,
    stepCost: {
      baseSeconds: 5.04e-3,
      perSequenceSeconds: 50e-6,
      perPrefillTokenSeconds: 12e-6,
      perKvTokenSeconds: 41e-9,
      noiseRatio: 0.04,
    },
    frontEnd: { baseSeconds: 19e-3, contentionSeconds: 9e-3, contentionExponent: 0.7, noiseRatio: 0.1 },
  },
  workers: 1,
  routing: { kind: 'round-robin' },
  admitted: Infinity,
  accelerator: {
    name: 'NVIDIA L4',
    memoryBytes: 23_034 * 2 ** 20,
    reservedRatio: 0.62,
    bandwidthBytesPerSecond: 300e9,
    flopsPerSecond: 121e12,
    idleWatts: 17,
    maxWatts: 72,
    smClockMhz: 2040,
    model: { weightBytes: 0.99e9, kvBytesPerToken: 12_288, flopsPerToken: 0.98e9 },
  },
  independent: { ttftSeconds: 0.027, itlSeconds: 0.0051 },
  answer: { medianTokens: 160, sigma: 0.6 },
};
