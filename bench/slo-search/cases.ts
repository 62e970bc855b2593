import type { BankPlan, PassRule } from './bank-search.js';
import type { RunLength } from './level-bank.js';

/** A published sweep whose SLO boundary is searched for. */
export interface SearchCase {
  id: string;
  name: string;
  profile: string;
  example: string;
  /** Of the runs that searches' windows are cut from. */
  longRun: RunLength;
  plan: Omit<BankPlan, 'slo'>;
  /** Lengths of a level that fixed-length searches are tried with, ascending, seconds. */
  lengths: Readonly<Record<PassRule, readonly number[]>>;
  /** The same search as a user writes it: a file of examples/, and `load` in its place where that is a sweep. */
  whole: { example: string; load?: unknown };
  /** Between which the truth is looked for. */
  truthBetween: readonly [number, number];
  /** Lowest loads that searches begin at, in turn: from one alone, bisection falls on the same few levels. */
  starts: readonly number[];
}

const limits = {
  from: 1,
  to: 256,
  tolerance: { kind: 'relative', ratio: 0.05 },
  maxLevels: 100,
  maxSeconds: Infinity,
  whole: true,
} as const;

export const CASES: readonly SearchCase[] = [
  {
    id: '000',
    name: 'Llama 70B on one H200, TPOT p95 ≤ 60 ms',
    profile: 'h200-llama70b-fp8',
    example: '000-vllm-70b-50-120.yaml',
    longRun: { settleSeconds: 3600, seconds: 14_400 },
    plan: { limits, warmupSeconds: 120, least: { seconds: 60, samples: 60 }, capSeconds: 1800 },
    lengths: {
      effective: [600, 900, 1200],
      independent: [180, 240, 255, 300],
      resolved: [300, 1200, 2400],
      observed: [120, 300],
    },
    whole: {
      example: '000-vllm-70b-50-120.yaml',
      load: {
        search: { from: 16, to: 256, tolerance: '5%', maxDuration: '6h' },
        prime: '60s',
        warmup: '90s',
        measure: { duration: '60s', minSamples: 60, maxDuration: '30m' },
        cooldown: '0s',
      },
    },
    truthBetween: [64, 84],
    starts: [16, 20],
  },
  {
    id: '003',
    name: 'Qwen 0.5B on one L4, TTFT p95 ≤ 250 ms',
    profile: 'l4-qwen0.5b',
    example: '003-l4-qwen-1-32.yaml',
    longRun: { settleSeconds: 300, seconds: 2400 },
    plan: { limits, warmupSeconds: 15, least: { seconds: 30, samples: 60 }, capSeconds: 600 },
    lengths: {
      effective: [60, 75],
      independent: [45, 60],
      resolved: [45, 60],
      observed: [15, 30],
    },
    whole: { example: 'slo-search.yaml' },
    truthBetween: [32, 48],
    starts: [8, 10],
  },
];
