import { describe, expect, it } from '@jest/globals';
import { LifetimeMeasures } from '../../src/measure/lifetime.js';
import { diffSnapshots } from '../../src/measure/log-histogram.js';
import { toMicros } from '../../src/measure/observations.js';
import { bucketCountsOfWindow } from '../../src/store/window-counts.js';
import { seededRandom } from '../../src/analysis/bootstrap.js';
import { record, window } from '../analysis/samples.js';

const SLO = {
  latency: [{ name: 'ttft_p95', metric: 'ttft', quantile: 0.95, seconds: 0.6 } as const],
  errorRatio: null,
};

describe('counts recomputed from the requests', () => {
  it('equal, exactly, what the histograms gained in the window', () => {
    const random = seededRandom(21);
    const records = Array.from({ length: 2000 }, () => {
      const at = toMicros(random() * 30);
      const firstTokenAt = toMicros(at + random());
      const endedAt = toMicros(firstTokenAt + random() * 3);
      const outcome = random() < 0.9 ? ('ok' as const) : ('truncated' as const);
      const turn = 1 + Math.floor(random() * 7);
      return record(at, {
        firstTokenAt,
        completedAt: endedAt,
        endedAt,
        outcome,
        turn,
        outputTokens: Math.floor(random() * 40),
      });
    });
    const lifetime = new LifetimeMeasures(SLO);
    const events = records.flatMap((request) => [
      { at: request.firstTokenAt, apply: () => lifetime.firstToken(request, request.firstTokenAt, 0) },
      { at: request.endedAt, apply: () => lifetime.ended(request, request.endedAt, 0) },
    ]);
    events.sort((a, b) => a.at - b.at);
    const { ttft, tpot, duration } = lifetime.histograms;
    const take = () => ({ ttft: ttft.snapshot(), tpot: tpot.snapshot(), duration: duration.snapshot() });
    for (const { at, apply } of events) if (at < 10) apply();
    const before = take();
    for (const { at, apply } of events) if (at >= 10 && at < 20) apply();
    const after = take();
    for (const metric of ['ttft', 'tpot', 'duration'] as const) {
      const gained = diffSnapshots(after[metric], before[metric]);
      expect(gained.sumMicros[0]).toBeGreaterThan(0);
      expect(bucketCountsOfWindow(records, window(), lifetime.histograms[metric].edges, metric)).toEqual(gained);
    }
  });
});
