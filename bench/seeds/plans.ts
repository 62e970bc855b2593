import type { Cause } from 'sweepscope/dist/analysis/run-analysis.js';

/** What is asked of a simulated sweep beside its figures. */
export interface SeedClaims {
  /** First saturated level of the published figures; null: none; absent: they cannot tell. */
  firstSaturated?: number | null;
  /** Highest level that meets all objectives, and the next one. */
  boundary?: readonly [lastPass: number, firstFail: number];
  /** From this level on, every level has at least 5 % client time-outs. */
  timeoutsFrom?: number;
  /** Causes that every level from a load on names, and the levels below do not. */
  causes?: Partial<Record<Cause, number>>;
  /** Throughput is flat from the first level on. */
  serial?: boolean;
}

/** One published sweep and how it is simulated. */
export interface SeedPlan {
  id: string;
  title: string;
  /** File in examples/. */
  spec: string;
  profile: string;
  /** File in exporter/test/fixtures/seeds/, without its ending. */
  published: string;
  claims: SeedClaims;
}

export const SEEDS: readonly SeedPlan[] = [
  {
    id: '000',
    title: 'Llama 3.1 70B FP8 on one H200, 50 to 120 users, three repetitions',
    spec: '000-vllm-70b-50-120.yaml',
    profile: 'h200-llama70b-fp8',
    published: '000-vllm-70b',
    claims: { firstSaturated: 110, boundary: [70, 80], causes: { kv_pressure: 110 } },
  },
  {
    id: '001',
    title: 'the same with EAGLE-3 and 64 slots, 50 to 160 users',
    spec: '001-eagle3-50-160.yaml',
    profile: 'h200-llama70b-fp8-eagle3',
    published: '001-eagle3',
    claims: { firstSaturated: 70, timeoutsFrom: 110, causes: { speculation_useless: 50, admission_limit: 70 } },
  },
  {
    id: '002',
    title: 'Llama 3.1 70B FP8 on three H200 behind a KV-aware router, 160 to 200 users',
    spec: '002-dynamo-kv-160-200.yaml',
    profile: '3xh200-trtllm-kv',
    published: '002-dynamo-kv',
    // At 200 users it publishes more completions than 200 users can make at its latencies: no claim on saturation.
    claims: { causes: { admission_limit: 200 } },
  },
  {
    id: '003',
    title: 'Qwen2.5 0.5B on one L4, 1 to 32 users',
    spec: '003-l4-qwen-1-32.yaml',
    profile: 'l4-qwen0.5b',
    published: '003-l4-qwen',
    claims: { firstSaturated: null },
  },
  {
    id: '004',
    title: 'OPT-125M behind a proxy with one lock, 5, 10 and 50 users',
    spec: '004-burst-serial.yaml',
    profile: 'rtx4090-opt125m-serial',
    published: '004-serial',
    claims: { serial: true, causes: { admission_limit: 10 } }, // no TTFT was measured, so saturation by TTFT cannot be told
  },
];
