import type { Profile } from './profile.js';

/**
 * One RTX 4090 with OPT-125m on vLLM behind a proxy that holds one lock around each call: requests are served one at a
 * time, however many come: 50 tokens take 42 ms, 24 requests/s at 5, 10 and 50 users as published.
 *
 * - Weights: 0.25 GB at 1,008 GB/s are 0.25 ms a step; launching 12 layers and the step's bookkeeping take as much again.
 * - Keys and values: 12 layers × 768 × 2 (K, V) × 2 bytes = 36,864 bytes a token: 37 ns.
 * - Prefill: 0.25 GFLOP a token at half of 165 TFLOP/s: 3 µs.
 * - KV cache: 30 % of 24 GB less weights and activations: 10,000 blocks of 16 tokens.
 */
export const RTX4090_OPT_SERIAL: Profile = {
  name: 'rtx4090-opt125m-serial',
  description: 'one RTX 4090 with OPT-125m behind a proxy that serves one request at a time',
  model: 'facebook/opt-125m',
  maxModelLen: 2048,
  engine: {
    maxNumSeqs: 256,
    maxNumBatchedTokens: 16_384,
    blockSize: 16,
    numBlocks: 10_000,
    enablePrefixCaching: true,
    speculation: null,
    stepCost: {
      baseSeconds: 0.78e-3,
      perSequenceSeconds: 20e-6,
      perPrefillTokenSeconds: 3e-6,
      perKvTokenSeconds: 37e-9,
      noiseRatio: 0.03,
    },
    frontEnd: { baseSeconds: 2e-3, contentionSeconds: 0, contentionExponent: 1, noiseRatio: 0.1 },
  },
  workers: 1,
  routing: { kind: 'round-robin' },
  admitted: 1,
  accelerator: {
    name: 'NVIDIA GeForce RTX 4090',
    memoryBytes: 24_564 * 2 ** 20,
    reservedRatio: 0.3,
    bandwidthBytesPerSecond: 1008e9,
    flopsPerSecond: 165e12,
    idleWatts: 20,
    maxWatts: 450,
    smClockMhz: 2520,
    model: { weightBytes: 0.25e9, kvBytesPerToken: 36_864, flopsPerToken: 0.25e9 },
  },
  independent: { ttftSeconds: 0.004, itlSeconds: 0.0008 },
  answer: { medianTokens: 120, sigma: 0.5 },
};
