import type { Estimate, LevelResult, QuantileSet } from '../../../src/analysis/level-result.js';
import type { LiveStats, SweepEvent } from '../../../src/sweep/events.js';
import { INITIAL_STATE, nextState } from '../../../src/cli/output/live-state.js';
import type { LiveState } from '../../../src/cli/output/live-state.js';

function estimate(value: number): Estimate {
  return { value, n: 60, lower: value, upper: value, warning: null };
}

function quantiles(p50: number, p95: number): QuantileSet {
  return { mean: estimate(p50), p50: estimate(p50), p90: estimate(p95), p95: estimate(p95), p99: estimate(p95) };
}

/** The 8-user level of a published sweep of a small model on one L4; `changes` are put over it. */
export function levelResult(changes: Partial<LevelResult> = {}): LevelResult {
  const ttft = quantiles(0.0609, 0.0884);
  const latency = quantiles(0.772, 0.816);
  return {
    level: 0,
    load: 8,
    windows: ['r1-l1'],
    windowsUsed: ['r1-l1'],
    valid: true,
    invalidReasons: [],
    steady: true,
    seconds: 15,
    started: 153,
    completed: 153,
    ok: 153,
    errors: {},
    errorRatio: 0,
    censored: 0,
    ttft,
    ttftFirstChunk: ttft,
    ttftFirstVisible: ttft,
    ttftFromIntended: ttft,
    tpot: quantiles(0.0055, 0.0074),
    tpotExcluded: 0,
    itl: quantiles(0.0055, 0.0074),
    latency,
    latencyFromIntended: latency,
    requestsPerSecond: 10.2,
    okPerSecond: 10.2,
    conversationsPerSecond: 10.2,
    outputTokensPerSecond: 1312,
    inputTokensPerSecond: 2600,
    inputTokensMean: 256,
    outputTokensMean: 128,
    tokensSource: 'usage',
    tokensPerChunk: 1,
    littleRatio: 1,
    inFlightRatio: 1,
    slo: [],
    errorSlo: null,
    ...changes,
  };
}

export const LIVE: LiveStats = {
  inFlight: 16,
  backoffSlots: 0,
  activeConversations: 16,
  ttftP50: 0.1038,
  ttftP95: NaN,
  tpotP50: 0.006,
  latencyP50: 0.88,
  requestsPerSecond: 17.8,
  outputTokensPerSecond: 2277,
  errorRatio: 0,
  oldestUnansweredSeconds: 0.05,
};

export const START: SweepEvent = {
  type: 'start',
  runId: '20260102-030405-quick',
  runDir: 'runs/20260102-030405-quick',
  levels: [8, 16, 32],
  repetitions: 1,
  plannedSeconds: 117,
};

export function phase(changes: Partial<Extract<SweepEvent, { type: 'phase' }>>): SweepEvent {
  return { type: 'phase', phase: 'measure', repetition: 1, level: 1, load: 16, snapshot: 2, at: 41, ...changes };
}

export const PROGRESS: SweepEvent = {
  type: 'progress',
  ratio: 0.439,
  remainingSeconds: 83,
  phase: 'measure',
  load: 16,
  live: LIVE,
};

/** The state after these events. */
export function stateAfter(...events: readonly SweepEvent[]): LiveState {
  return events.reduce(nextState, INITIAL_STATE);
}
