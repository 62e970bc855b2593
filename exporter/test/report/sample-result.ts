import { analyseRun } from '../../src/analysis/analyse-run.js';
import { summariseLevel } from '../../src/analysis/level.js';
import { levelOutcomes } from '../../src/analysis/level-outcomes.js';
import { judgeWindow } from '../../src/analysis/validity.js';
import type { SweepSpec } from '../../src/config/spec.js';
import type { RequestRecord, WindowRecord } from '../../src/measure/records.js';
import { buildResult, type RunFacts } from '../../src/report/build-result.js';
import type { RunResult } from '../../src/report/result-schema.js';
import { gaps, record, spec, UNANSWERED, window } from '../analysis/samples.js';

/** 2026-02-24T14:13:49Z */
export const STARTED = 1771942429;

export function facts(changes: Partial<RunFacts> = {}): RunFacts {
  return {
    id: '20260224T141349Z-quick-look-9f3c',
    kind: 'sweep',
    state: 'completed',
    reason: '',
    startedEpoch: STARTED,
    endedEpoch: STARTED + 60,
    segments: [{ epoch: STARTED, at: 0 }],
    model: 'tiny',
    levels: [1, 2],
    workload: 'Synthetic (256 input / 128 output tokens, end of sequence ignored)',
    environment: { version: '0.1.0', node: '20.20.2', platform: 'linux x64', cpu: 'Test CPU', cores: 2 },
    preflight: [{ check: 'streaming', ok: true, detail: 'tokens come one by one' }],
    search: null,
    warnings: [],
    ...changes,
  };
}

/** `users` back-to-back users from `from` to `to`, each request a little slower than the one before. */
export function backToBack(
  from: number,
  to: number,
  users: number,
  changes: Partial<RequestRecord> = {},
): RequestRecord[] {
  const requests: RequestRecord[] = [];
  for (let slot = 0; slot < users; slot++) {
    for (let start = from - slot * 0.3, k = 0; start < to; start += 0.9, k++) {
      const at = Math.round(start * 1e6) / 1e6;
      const first = at + 0.05 + k / 1000;
      requests.push(
        record(at, {
          id: `q-${slot}-${requests.length}`,
          slot,
          conversation: from * 1000 + slot * 100 + k,
          firstChunkAt: first - 0.01,
          firstTokenAt: first,
          firstVisibleAt: first,
          endedAt: at + 0.899,
          ...changes,
        }),
      );
    }
  }
  return requests;
}

function judged(changes: Partial<WindowRecord>, records: readonly RequestRecord[]): WindowRecord {
  return { ...judgeWindow(window(changes), records, 'closed'), excluded: changes.excluded ?? null };
}

/** One user measured twice (once excluded), then two users of whom only one was busy: an invalid level. */
export function sampleRun(changes: { spec?: SweepSpec; facts?: Partial<RunFacts> } = {}): RunResult {
  const failed = backToBack(20, 21, 1, { ...UNANSWERED, outcome: 'timeout_first_token' });
  const records = [...backToBack(9, 20, 1), ...failed, ...backToBack(40, 52, 1, { level: 1 })];
  const itlHistogram = gaps(Array.from({ length: 80 }, (_, index) => 0.1 + index / 1e4));
  const windows = [
    judged({ outputTokens: 96, itlHistogram, itlCount: 80 }, records),
    judged(
      {
        id: 'r2-l1',
        repetition: 2,
        measureStartedAt: 20.5,
        measureEndedAt: 22.5,
        excluded: '100.0 % of its requests failed, the limit is 5.0 %',
      },
      records,
    ),
    judged(
      {
        id: 'r1-l2',
        level: 1,
        load: 2,
        measureStartedAt: 41,
        measureEndedAt: 51,
        outputTokens: 97,
        itlHistogram,
        itlCount: 80,
        throttledRatio: NaN,
        warmup: {
          steady: false,
          reason: 'not steady when the cap of 20 s was reached: TTFT: trend of +31.0 %',
          seconds: 20,
        },
      },
      records,
    ),
  ];
  const swept = changes.spec ?? spec({ load: { repetitions: 2 } });
  const levels = [0, 1].map((level) => summariseLevel(swept, level, windows, records));
  const { slo, load, target } = swept;
  const analysis = analyseRun({
    levels,
    slo,
    arrival: load.arrival,
    totalTimeoutSeconds: target.timeouts.totalSeconds,
    advertisedSlots: null,
    outcomes: [0, 1].map((level) => levelOutcomes(slo, level, windows, records)!),
  });
  const whole = windows.map((measured) => ({ ...measured, excluded: null, invalidReasons: [] }));
  const withExcluded = [summariseLevel(swept, 0, whole, records)];
  return buildResult(facts(changes.facts), swept, windows, levels, STARTED + 61, { analysis, withExcluded });
}
