import type { Profile } from './profile.js';

/**
 * No server in particular: constant timing and no limits, to find out what a client measures wrongly. In mode `burst`
 * all sequences share steps of 20 ms; a first token then comes 190–210 ms after arrival.
 */
export const BENCH: Profile = {
  name: 'bench',
  description: 'for calibrating clients: TTFT 200 ms, ITL 20 ms at any number of users, no limits',
  model: 'bench',
  maxModelLen: 131_072,
  engine: {
    maxNumSeqs: 1_000_000,
    maxNumBatchedTokens: 1_000_000_000,
    blockSize: 16,
    numBlocks: 100_000_000,
    enablePrefixCaching: false,
    speculation: null,
    stepCost: {
      baseSeconds: 0.02,
      perSequenceSeconds: 0,
      perPrefillTokenSeconds: 0,
      perKvTokenSeconds: 0,
      noiseRatio: 0,
    },
    frontEnd: { baseSeconds: 0.17, contentionSeconds: 0, contentionExponent: 1, noiseRatio: 0 },
  },
  workers: 1,
  routing: { kind: 'round-robin' },
  admitted: Infinity,
  accelerator: null,
  independent: { ttftSeconds: 0.2, itlSeconds: 0.02 },
  answer: { medianTokens: 200, sigma: 0.5 },
};
