import { describe, expect, it } from '@jest/globals';
import type { SweepEvent } from '../../src/sweep/events.js';
import { parseExposition } from '../../src/telemetry/exposition/parse.js';
import type { VirtualRun } from '../../src/virtual/virtual-run.js';
import { plantedSweep } from '../support/planted-sweep.js';

/** Of the engine: which of its counters a window's rate is the growth of. */
const RATES = {
  outputTokensPerSecond: 'vllm:generation_tokens_total',
  promptTokensPerSecond: 'vllm:prompt_tokens_total',
  requestsFinishedPerSecond: 'vllm:request_success_total',
} as const;
type Rate = keyof typeof RATES;
const NAMES = Object.keys(RATES) as Rate[];

type Counts = Record<Rate, number>;

function countsOf(run: VirtualRun): Counts {
  const { samples } = parseExposition(run.metricsPage());
  const total = (counter: string): number =>
    samples.filter(({ name }) => name === counter).reduce((sum, { value }) => sum + value, 0);
  return Object.fromEntries(NAMES.map((rate) => [rate, total(RATES[rate])])) as Counts;
}

/** The engine's own counts at the edges of each window, exactly when they were drawn. */
class EdgeCounts {
  readonly grown: Counts[] = [];
  private begin: Counts | null = null;

  readonly listen = (event: SweepEvent, run: VirtualRun): void => {
    if (event.type === 'phase' && event.phase === 'measure') this.begin ??= countsOf(run);
    if (event.type !== 'window') return;
    const [from, to] = [this.begin!, countsOf(run)];
    this.grown.push(Object.fromEntries(NAMES.map((rate) => [rate, to[rate] - from[rate]])) as Counts);
    this.begin = null;
  };
}

describe("the server's rates in a window", () => {
  it.each([
    ['one worker', '[2, 6]', {}],
    ['three workers', '[12]', { overrides: { workers: 3 } }],
    ['a full admission queue', '[12]', { overrides: { maxNumSeqs: 8 } }],
  ])(
    'are those of its own counts within 1 %%: %s',
    async (_, levels, options) => {
      const edges = new EdgeCounts();
      const load = 'prime: 4s, warmup: 4s, measure: { duration: 30s, minSamples: 20 }, cooldown: 2s';
      const { result } = await plantedSweep({ levels, load, options, listen: edges.listen });
      expect(edges.grown).toHaveLength(result.windows.length);
      result.windows.forEach(({ telemetry, measureStartedAt, measureEndedAt }, index) => {
        for (const rate of NAMES) {
          const own = edges.grown[index]![rate] / (measureEndedAt - measureStartedAt);
          expect(own).toBeGreaterThan(0);
          expect(Math.abs(telemetry![rate]! / own - 1)).toBeLessThan(0.01);
        }
      });
    },
    90_000,
  );
});
