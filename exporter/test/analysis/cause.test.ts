import { describe, expect, it } from '@jest/globals';
import { causesOf, isCauseOfHealthy } from '../../src/analysis/cause.js';
import type { LevelResult } from '../../src/analysis/level-result.js';
import type { GaugeFigures, TelemetryFigures, UpstreamCoverage } from '../../src/measure/telemetry-figures.js';
import { figuresOver } from '../../src/telemetry/window-figures.js';
import { UNKNOWN_LEVEL } from '../support/seed-levels.js';

const NOTHING = figuresOver([], [{ from: 0, to: 10 }], { outputTokens: NaN, ttftSeconds: NaN });
const gauge = (mean: number, peak = mean): GaugeFigures => ({ mean, peak, samples: 10 });

function level(
  load: number,
  telemetry: Partial<TelemetryFigures> | null,
  changes: Partial<LevelResult> = {},
): LevelResult {
  const figures = telemetry === null ? null : { ...NOTHING, ...telemetry };
  return { ...UNKNOWN_LEVEL, level: load, load, telemetry: figures, ...changes };
}

const named = (here: LevelResult, lowest: LevelResult | null = null): [string, string][] =>
  causesOf(here, { lowest }).map(({ cause, text }) => [cause, text]);

describe('the cause of a level', () => {
  it('is none where nothing is told', () => {
    expect(named(level(8, null))).toEqual([]);
    expect(named(level(8, {}))).toEqual([]);
  });

  it("is the admission limit where running stands still and requests wait, as the server's S or the one seen", () => {
    const waiting = { requestsRunning: gauge(64), requestsWaiting: gauge(6, 9), waitingShare: 1, kvUsage: gauge(0.4) };
    expect(named(level(70, waiting))).toEqual([
      [
        'admission_limit',
        'admission limit S = 64: running stands at 64 while 6 wait (of 70), in 100.0 % of the samples, KV cache up to 40.0 % only',
      ],
    ]);
    expect(named(level(70, { ...waiting, maxNumSeqs: 64 }))[0]![1]).toContain('S = 64, as the server advertises');
  });

  it('is the admission limit of few slots, too, one of which is free on average between answers that end together', () => {
    // As a real vLLM 0.32 with 8 slots told at 16 users whose answers had equal lengths.
    const real = { requestsRunning: gauge(7.12, 8), requestsWaiting: gauge(8), waitingShare: 1, kvUsage: gauge(0.003) };
    expect(named(level(16, real))[0]![1]).toMatch(/^admission limit S = 8: running stands at 7\.12 while 8 wait/);
    const half = { ...real, requestsRunning: gauge(1.1, 2) };
    expect(named(level(16, half)).map(([cause]) => cause)).toEqual(['queue']);
  });

  it('is a queue where requests wait although the server could run more', () => {
    const waiting = { requestsRunning: gauge(20, 22), requestsWaiting: gauge(6), waitingShare: 0.8, maxNumSeqs: 64 };
    expect(named(level(30, waiting)).map(([cause]) => cause)).toEqual(['queue']);
  });

  it('is KV pressure, whatever waits, where the cache is full or requests are preempted', () => {
    const full = { kvUsage: gauge(0.9, 0.99), waitingShare: 1, requestsRunning: gauge(9), preemptions: 0 };
    expect(named(level(16, full)).map(([cause]) => cause)).toEqual(['kv_pressure']);
    expect(named(level(16, { preemptions: 12, preemptionsPerRequest: 0.1 }))[0]).toEqual([
      'kv_pressure',
      'the KV cache is full: 12 preemptions (0.1 a request)',
    ]);
  });

  it('is the GPU where it is busy, nothing waits and the cache has room', () => {
    const busy = { gpuUtilization: gauge(1), kvUsage: gauge(0.008, 0.011), waitingShare: 0 };
    expect(named(level(32, busy))).toEqual([
      ['compute_bound', 'compute-bound, healthy saturation: GPU at 100.0 %, KV cache up to 1.1 %, nothing waiting'],
    ]);
    const decoding = { ...busy, gpuDramActive: gauge(0.8), gpuTensorActive: gauge(0.1) };
    expect(named(level(32, decoding))[0]![0]).toBe('memory_bound');
    const computing = { ...busy, gpuDramActive: gauge(0.7), gpuTensorActive: gauge(0.6) };
    expect(named(level(32, computing))[0]![0]).toBe('compute_bound');
  });

  it('is prefill where it takes most of a TTFT that has grown', () => {
    const lowest = level(1, { prefillSeconds: 0.1, ttftSeconds: 0.12 });
    expect(named(level(8, { prefillSeconds: 0.4, ttftSeconds: 0.5 }), lowest)[0]![0]).toBe('prefill');
    expect(named(level(8, { prefillSeconds: 0.11, ttftSeconds: 0.5 }), lowest)).toEqual([]);
  });

  it('is useless speculation only where something is drafted', () => {
    const drafting = { specDraftTokensPerSecond: 9000, specAcceptanceRatio: 0.0001, specAcceptanceLength: 1 };
    expect(named(level(4, drafting))[0]).toEqual([
      'speculation_useless',
      'speculative decoding is of no use: 0.0 % of 9000 draft tokens/s accepted, 1 tokens a step',
    ]);
    expect(named(level(4, { ...drafting, specDraftTokensPerSecond: 0 }))).toEqual([]);
  });

  it('is imbalance where one worker has more requests, or makes fewer tokens of as many', () => {
    const workers = (loads: number[], tokens: number[]): Partial<TelemetryFigures> => ({
      workers: loads.map((running, index) => {
        const replica = String(index);
        return { upstream: 'a', replica, running, waiting: 0, outputTokensPerSecond: tokens[index]! };
      }),
    });
    expect(named(level(12, workers([4, 4, 4], [100, 100, 100])))).toEqual([]);
    expect(named(level(12, workers([3, 3, 8], [100, 100, 100])))[0]![0]).toBe('worker_imbalance');
    expect(named(level(12, workers([4, 4, 4], [100, 100, 40])))[0]![1]).toContain(
      'worker 2 makes 10 tokens/s a request',
    );
  });

  it('is the client where its gates failed, or where it sees first tokens ever later than the server sends them', () => {
    const stalled = level(4, {}, { valid: false, invalidReasons: ['stamp_delay'] });
    expect(named(stalled)).toEqual([
      [
        'client',
        'the load generator, not the server: the load threads stamped answers late: give the load generator more CPU, then measure again',
      ],
    ]);
    const lowest = level(1, { ttftGapSeconds: 0.005, ttftSeconds: 0.1 });
    const late = level(64, { ttftGapSeconds: 0.2, ttftSeconds: 0.2 });
    expect(named(late, lowest)[0]![0]).toBe('client');
    const distant = level(64, { ttftGapSeconds: 0.1, ttftSeconds: 0.2 });
    expect(named(distant, level(1, { ttftGapSeconds: 0.095, ttftSeconds: 0.1 }))).toEqual([]);
  });

  it('is a restart or a cache from before where the window shows one', () => {
    const restarted = { coverage: [{ ...COVERAGE, restarts: 1 }] };
    expect(named(level(4, restarted))[0]).toEqual([
      'restart',
      'the server was restarted while it was measured: server once',
    ]);
    const cache = {
      mode: 'cold-unique',
      expected: 0,
      observed: 0.9,
      source: 'usage',
      state: 'contaminated',
      limit: 0.1,
    } as const;
    expect(named(level(4, {}, { cache }))[0]![0]).toBe('cache_contaminated');
  });

  it('is told of a healthy level only where it is a fault, not how a server works', () => {
    const told = ['restart', 'client', 'worker_imbalance', 'compute_bound', 'queue'] as const;
    expect(told.filter((cause) => isCauseOfHealthy({ cause, text: '' }))).toEqual([
      'restart',
      'client',
      'worker_imbalance',
    ]);
  });
});

const COVERAGE: UpstreamCoverage = {
  ...{ upstream: 'server', engine: 'vllm' as const, scrapes: 10, failed: 0 },
  ...{ longestGapSeconds: 1, restarts: 0, problem: '' },
};
