import type { Estimate, LevelResult, QuantileSet } from '../../src/analysis/level-result.js';
import { LifetimeMeasures } from '../../src/measure/lifetime.js';
import { ROLE_NAMES } from '../../src/measure/telemetry-roles.js';
import type {
  ClientHealth,
  LiveState,
  MetricSources,
  RetainedRun,
  UpstreamState,
  WindowMark,
} from '../../src/metrics/sources.js';

/** Sources as a test wants them: everything may be changed between scrapes. */
export interface SampleSources extends MetricSources {
  requests: LifetimeMeasures;
  time: number;
  state: LiveState;
  retained: RetainedRun[];
  client: ClientHealth;
  upstreamStates: UpstreamState[];
}

const OBJECTIVES = [
  { name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 },
  { name: 'tpot_p95', metric: 'tpot', quantile: 0.95, seconds: 0.06 },
] as const;

/** An idle process that has seen nothing yet, with the usual two objectives. */
export function idleSources(): SampleSources {
  const requests = new LifetimeMeasures({ latency: OBJECTIVES, errorRatio: 0.01 });
  const sources: SampleSources = {
    time: 1000,
    now: () => sources.time,
    requests,
    state: {
      run: '',
      phase: 'idle',
      level: 0,
      snapshot: 0,
      repetition: 0,
      progressRatio: 0,
      inFlight: 0,
      backoffSlots: 0,
      activeConversations: 0,
      oldestUnansweredSeconds: 0,
      alertsMuted: false,
    },
    live: () => sources.state,
    retained: [],
    runs: () => sources.retained,
    client: {
      stampDelay: { p50: 0.0001, p99: 0.002, max: 0.004 },
      eventLoopLag: { p50: 0.0002, p99: 0.003, max: 0.005 },
      cpuSeconds: { main: 1.5, worker: 12.25 },
      throttledSeconds: 0.5,
      throttledRatio: 0.01,
      gcSeconds: 0.25,
      connections: {
        socketsOpen: 32,
        socketsWaiting: 1,
        connects: 40,
        connectSecondsSum: 0.08,
        requests: 400,
        reusedRequests: 360,
      },
    },
    health: () => sources.client,
    upstreamStates: [],
    upstreams: () => sources.upstreamStates,
    build: { version: '0.1.0', node: '20.20.2' },
  };
  return sources;
}

/** All levels, repetitions and retained runs there may be, with every figure known. */
export function fullSources(): SampleSources {
  const sources = idleSources();
  sources.state = { ...sources.state, run: runId(2), phase: 'measure', level: 120, snapshot: 2, repetition: 3 };
  sources.upstreamStates = [server('vllm-a'), server('vllm-b'), gpus()];
  sources.retained = [0, 1, 2].map((run) => fullRun(runId(run)));
  const { histograms, summaries } = sources.requests;
  for (let turn = 1; turn <= 5; turn++) {
    for (const histogram of Object.values(histograms)) {
      histogram.edges.forEach((edge, i) => histogram.observeWithExemplar(turn - 1, edge, `run-0-${i}`, 1_700_000_000));
    }
    for (const summary of Object.values(summaries)) summary.add(sources.time, turn, 0.1 * turn);
  }
  for (const name of ['ttft_p95', 'tpot_p95', 'errors']) sources.requests.sloEvents.set(name, { good: 9, bad: 1 });
  return sources;
}

const SERVER_ROLES = ROLE_NAMES.filter((role) => !role.startsWith('gpu_'));
const GPU_ROLES = ROLE_NAMES.filter((role) => role.startsWith('gpu_'));

/** A server of two workers that tells everything. */
function server(upstream: string): UpstreamState {
  const roles = [...SERVER_ROLES, 'worker_running_spread'];
  return {
    ...{ upstream, engine: 'vllm', up: true, scrapeSeconds: 0.01, lastSuccessEpoch: 1_700_000_000, raw: [] },
    roles: SERVER_ROLES.map((role) => ({ role, present: true })),
    values: ['0', '1'].flatMap((replica) => roles.map((role) => ({ role, replica, device: '', value: 1 }))),
  };
}

/** Eight GPUs. */
function gpus(): UpstreamState {
  const devices = Array.from({ length: 8 }, (_, index) => String(index));
  return {
    ...{ upstream: 'gpus', engine: 'dcgm', up: true, scrapeSeconds: 0.01, lastSuccessEpoch: 1_700_000_000, raw: [] },
    roles: GPU_ROLES.map((role) => ({ role, present: true })),
    values: devices.flatMap((device) => GPU_ROLES.map((role) => ({ role, replica: 'node', device, value: 1 }))),
  };
}

/** Levels of a full run: 10, 20, … 120. */
const LEVELS = Array.from({ length: 12 }, (_, index) => ({ index, load: 10 * (index + 1) }));

const runId = (run: number): string => `20260101-00000${run}-sweep`;

function fullRun(run: string): RetainedRun {
  const windows = [1, 2, 3].flatMap((repetition) =>
    LEVELS.map(({ index, load }) => fullWindow(repetition, index, load)),
  );
  return {
    run,
    info: { name: 'chat', model: 'llama', mode: 'single', workload: 'conversation', arrival: 'closed' },
    end: { state: 'completed', epochSeconds: 1_700_010_000 },
    objectives: OBJECTIVES,
    windows,
    levels: LEVELS.map(({ index, load }) => levelResult(index, load)),
    conclusions: {
      levels: LEVELS.map(({ load }) => ({
        load,
        verdict: load > 100 ? 'saturated' : load > 70 ? 'degrading' : 'clean',
      })),
      boundary: { lastPass: 70, firstFail: 80, estimate: 77.6 },
      knee: 103.5,
    },
  };
}

function fullWindow(repetition: number, level: number, load: number): WindowMark {
  const startedAt = 1_700_000_000 + repetition * 2000 + level * 100;
  return {
    id: `r${repetition}-l${level + 1}`,
    load,
    repetition,
    startedAt,
    measureStartedAt: startedAt + 20,
    measureEndedAt: startedAt + 90,
    endedAt: startedAt + 95.5,
    verdict: 'unknown',
    cause: 'unknown',
    reasons: [],
  };
}

const estimate = (value: number): Estimate => ({
  value,
  n: 400,
  lower: value * 0.9,
  upper: value * 1.1,
  warning: null,
});

const quantiles = (base: number): QuantileSet => ({
  mean: estimate(base),
  p50: estimate(base),
  p90: estimate(base * 2),
  p95: estimate(base * 3),
  p99: estimate(base * 4),
});

/** A level with every figure known. */
export function levelResult(level: number, load: number): LevelResult {
  return {
    level,
    load,
    cache: { mode: 'multi-turn', expected: 0.5, observed: 0.48, source: 'server', state: 'as_designed', limit: 0.6 },
    windows: [],
    windowsUsed: [],
    valid: true,
    invalidReasons: [],
    steady: true,
    seconds: 210,
    started: 410,
    completed: 404,
    ok: 400,
    errors: { http_5xx: 4 },
    errorRatio: 0.0099,
    censored: 0,
    ttft: quantiles(0.2),
    ttftFirstChunk: quantiles(0.2),
    ttftFirstVisible: quantiles(0.2),
    ttftFromIntended: quantiles(0.2),
    tpot: quantiles(0.02),
    tpotExcluded: 0,
    itl: quantiles(0.02),
    latency: quantiles(8),
    latencyFromIntended: quantiles(8),
    requestsPerSecond: 1.92,
    okPerSecond: 1.9,
    conversationsPerSecond: 0.5,
    outputTokensPerSecond: 812.5,
    inputTokensPerSecond: 6000,
    inputTokensMean: 3500,
    outputTokensMean: 400,
    tokensSource: 'usage',
    tokensPerChunk: 1,
    littleRatio: 1,
    inFlightRatio: 1,
    slo: ['ttft_p95', 'tpot_p95'].map((slo) => ({
      slo,
      good: 390,
      bad: 14,
      undecided: 0,
      share: estimate(0.965),
      required: 0.95,
      pass: true,
    })),
    errorSlo: null,
  };
}
