import { describe, expect, it } from '@jest/globals';
import { replaySearch, type SearchStanding } from '../../src/analysis/slo-search/replay.js';
import { seededRandom } from '../../src/analysis/bootstrap.js';
import type { Script } from '../support/scripted-target.js';
import { specOf, virtualSweep, type VirtualSweep } from '../support/virtual-sweep.js';

const spec = (load: string): ReturnType<typeof specOf> =>
  specOf(`
name: test
target: { url: 'http://127.0.0.1:1', model: m }
workload: { kind: prompt, prompt: hello }
slo: { ttft: { p95: 1s } }
load:
  prime: 2s
  warmup: 5s
  measure: { duration: 10s, minSamples: 60, maxDuration: 5m }
${load}
`);

const SEARCH = '  search: { from: 2, to: 200, tolerance: 5% }';

/** TTFT in proportion to the requests in flight, ± 10 %: p95 reaches 1 s at 0.02 s × N × 1.1645, N = 42.9. */
function proportional(seed: number): (n: number, inFlight: number) => Script {
  const random = seededRandom(seed);
  return (_, inFlight) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return { ttft: 0.02 * inFlight * Math.max(0.1, 1 + 0.1 * normal), gap: 0.05, tokens: 11 };
  };
}

const standing = (sweep: VirtualSweep): SearchStanding =>
  replaySearch(sweep.parts.spec, sweep.driver.windows, sweep.parts.recorder.records);

describe('a search', () => {
  it('doubles until a level fails, then closes in on the boundary', async () => {
    const sweep = virtualSweep(spec(SEARCH), proportional(1));
    await sweep.run();
    const found = standing(sweep);
    console.log(
      found.steps
        .map((s) =>
          [
            s.role,
            s.approach,
            s.load,
            s.outcome,
            s.reason,
            s.measuredSeconds,
            s.seconds,
            s.weight,
            ...s.decision.objectives.map((o) => [
              o.good,
              o.bad,
              o.designEffect.toFixed(2),
              o.lower.toFixed(4),
              o.upper.toFixed(4),
              o.needed,
            ]),
          ].join(' '),
        )
        .join('\n'),
      found.bracket,
      found.estimate,
      found.next,
      sweep.clock.now(),
    );
    expect(found.next).toEqual({ kind: 'end', end: 'found' });
  });
});
