import type { ScriptedLevel } from './sweep-script.js';

type Row = [
  load: number,
  ttft50: number,
  ttft95: number,
  tpot50: number,
  tpot95: number,
  e2e50: number,
  e2e95: number,
  rps: number,
  errors: number,
  verdict: 1 | 2 | 3 | 4,
  cause?: string,
];

/** Milliseconds (E2E in seconds), as such reports print them. */
const levels = (rows: readonly Row[], tokensPerRequest?: number): ScriptedLevel[] =>
  rows.map(([load, ttft50, ttft95, tpot50, tpot95, e2e50, e2e95, rps, errors, verdict, cause]) => ({
    load,
    ttft: [ttft50 / 1000, ttft95 / 1000],
    tpot: [tpot50 / 1000, tpot95 / 1000],
    latency: [e2e50, e2e95],
    requestsPerSecond: rps,
    errorRatio: errors / 100,
    verdict,
    ...(tokensPerRequest === undefined ? {} : { tokensPerSecond: rps * tokensPerRequest }),
    ...(cause === undefined ? {} : { cause }),
  }));

/** A 70B model on one H200: degrades from 80 users, saturated from 110. */
export const PLAIN_70B = levels([
  [50, 174, 210, 44, 46, 40.6, 46.6, 1.21, 0, 1],
  [60, 186, 221, 47, 49, 42.7, 50.2, 1.51, 0, 1],
  [70, 206, 249, 56, 57, 49.9, 58.5, 1.51, 0, 1],
  [80, 222, 268, 59, 61, 55.6, 62.0, 1.53, 0, 2],
  [90, 231, 5815, 67, 83, 59.3, 84.1, 1.45, 0, 2, 'queue'],
  [100, 258, 3021, 79, 86, 72.9, 84.5, 1.46, 0, 2, 'queue'],
  [110, 2214, 4967, 83, 95, 75.7, 92.4, 1.54, 1.7, 3, 'queue'],
  [120, 297, 2227, 84, 95, 76.7, 93.6, 1.62, 0, 3, 'queue'],
]);

/** The same with speculative decoding and 64 slots: collapses at 70. */
export const SPECULATIVE_70B = levels([
  [50, 236, 325, 65, 68, 58.5, 69.8, 0.94, 0, 2],
  [60, 258, 333, 70, 71, 68.1, 73.0, 0.79, 0, 2],
  [70, 6519, 9852, 74, 74.5, 80.3, 85.6, 0.93, 0, 3, 'admission_limit'],
  [80, 14698, 28935, 73, 75, 82.8, 104.7, 0.96, 0, 3, 'admission_limit'],
  [90, 25804, 33274, 76, 80, 101.3, 109.0, 0.82, 16.3, 3, 'admission_limit'],
  [100, 34258, 39529, 71, 72, 104.4, 112.1, 0.91, 0, 3, 'admission_limit'],
  [110, 41930, 49843, 70, 72, 100.1, 114.9, 1.13, 17.3, 3, 'admission_limit'],
  [120, 49041, 58438, 70, 71, 101.8, 118.7, 1.24, 35, 3, 'admission_limit'],
  [130, 52825, 56437, 69, 70, 98.4, 117.5, 1.16, 34.2, 3, 'admission_limit'],
  [140, 55571, 65460, 68, 69, 101.2, 112.2, 1.36, 55.5, 3, 'admission_limit'],
  [150, 65929, 70661, 68, 68, 104.8, 116.1, 1.4, 36.9, 3, 'admission_limit'],
  [160, 72361, 77096, 68, 69, 110.2, 118.2, 1.56, 57.9, 3, 'admission_limit'],
]);

/** Three workers with KV-aware routing. */
export const KV_ROUTED: ScriptedLevel[] = levels(
  [
    [160, 432.5, 804.7, 45.8, 47.1, 40.9, 48.2, 4.11, 0, 1],
    [180, 498.6, 4874.2, 45.7, 48.6, 41.4, 49.3, 4.62, 0, 2, 'queue'],
    [200, 1712.2, 5567, 41.7, 46.7, 41.2, 48.6, 5.12, 0, 2, 'queue'],
  ],
  850,
);

/** A small model on an L4: no limit in sight at 32 users. */
export const SMALL_MODEL: ScriptedLevel[] = levels(
  [
    [1, 27, 115.5, 5.1, 6.1, 0.679, 0.765, 1.3, 0, 1],
    [2, 37.8, 48.2, 5.2, 6.3, 0.698, 0.705, 2.9, 0, 1],
    [4, 50.1, 85.4, 5.3, 6.4, 0.722, 0.76, 5.4, 0, 1],
    [8, 60.9, 88.4, 5.5, 7.4, 0.772, 0.816, 10.2, 0, 1],
    [16, 103.8, 135.7, 6, 8.9, 0.88, 0.947, 17.8, 0, 1],
    [32, 135.3, 191.8, 7.1, 12, 1.082, 1.128, 29.5, 0, 1],
  ],
  128,
);
