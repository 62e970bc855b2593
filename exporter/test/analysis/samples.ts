import type { SweepSpec } from '../../src/config/spec.js';
import { FineHistogram } from '../../src/measure/fine-histogram.js';
import type { RequestRecord, WindowRecord } from '../../src/measure/records.js';

/** A request of 9 tokens that starts at `startedAt`, answers after 0.1 s and ends after 0.9 s, unless told otherwise. */
export function record(startedAt: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: `t-0-${startedAt}`,
    slot: 0,
    conversation: Math.round(startedAt * 1e6),
    turn: 1,
    level: 0,
    intendedAt: startedAt,
    startedAt,
    firstChunkAt: startedAt + 0.1,
    firstTokenAt: startedAt + 0.1,
    firstVisibleAt: startedAt + 0.1,
    completedAt: startedAt + 0.9,
    endedAt: startedAt + 0.9,
    inputTokens: 256,
    outputTokens: 9,
    cachedTokens: NaN,
    tokensSource: 'usage',
    tokenChunks: 9,
    httpStatus: 200,
    outcome: 'ok',
    ...changes,
  };
}

/** What a request that failed before its first token lacks. */
export const UNANSWERED: Partial<RequestRecord> = {
  firstChunkAt: NaN,
  firstTokenAt: NaN,
  firstVisibleAt: NaN,
  completedAt: NaN,
  outputTokens: NaN,
  inputTokens: NaN,
  tokenChunks: 0,
};

/** One user, measured from 10 s to 20 s. */
export function window(changes: Partial<WindowRecord> = {}): WindowRecord {
  return {
    id: 'r1-l1',
    repetition: 1,
    level: 0,
    load: 1,
    startedAt: 5,
    measureStartedAt: 10,
    measureEndedAt: 20,
    endedAt: 20,
    snapshotEdges: [10, 15, 20],
    warmup: { steady: true, reason: 'steady', seconds: 5 },
    slotSeconds: { retired: 0, free: 0, running: 10, think: 0, followup: 0, backoff: 0, permit: 0, ramp: 0 },
    outputTokens: 90,
    itlHistogram: gaps([0.1, 0.1, 0.1, 0.2]),
    itlCount: 4,
    stampDelayP99: 0.0005,
    throttledRatio: 0,
    arrivalsIntended: 0,
    arrivalsDropped: 0,
    gates: [],
    invalidReasons: [],
    excluded: null,
    ...changes,
  };
}

export function gaps(seconds: readonly number[]): string {
  const histogram = FineHistogram.create();
  for (const gap of seconds) histogram.record(gap);
  return histogram.encode();
}

export function spec(changes: { load?: Partial<SweepSpec['load']>; slo?: Partial<SweepSpec['slo']> } = {}): SweepSpec {
  return {
    name: 'Quick look',
    target: {
      url: 'http://127.0.0.1:8000',
      model: 'tiny',
      endpoint: 'chat',
      apiKeyEnv: null,
      headers: { 'X-Team': 'secret' },
      tls: {},
      timeouts: { firstTokenSeconds: 60, idleSeconds: 30, totalSeconds: 120 },
    },
    telemetry: [],
    request: { maxTokens: null, temperature: 0, ignoreEos: null, extraBody: {}, stream: true },
    load: {
      levels: [1, 2],
      search: null,
      arrival: 'closed',
      burstiness: 1,
      targetRate: null,
      rampSeconds: null,
      primeSeconds: 2,
      warmupSeconds: 4,
      measure: { kind: 'duration', seconds: 10, minSamples: 0, maxSeconds: 60 },
      snapshots: 2,
      cooldownSeconds: 0,
      repetitions: 1,
      order: 'ascending',
      excludeErrorRate: 0.05,
      stopAfter: null,
      resetCache: null,
      maxInFlight: 1000,
      ...changes.load,
    },
    workload: {
      kind: 'synthetic',
      seed: 42,
      inputTokens: { kind: 'fixed', value: 256 },
      outputTokens: { kind: 'fixed', value: 128 },
      ignoreEos: true,
    },
    slo: {
      latency: [{ name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 }],
      errorRatio: 0.01,
      ...changes.slo,
    },
    deployment: { gpu: '1x L4', mode: 'single' },
    alertUpTo: null,
    grafana: null,
    output: { dir: 'runs', keepRuns: 20, keepBytes: 1e9, storeText: false },
  };
}
