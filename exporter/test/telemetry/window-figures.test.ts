import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine, Role } from '../../src/measure/telemetry-roles.js';
import { UpstreamHistory } from '../../src/telemetry/history.js';
import { growthWithin } from '../../src/telemetry/window-counters.js';
import { figuresOver } from '../../src/telemetry/window-figures.js';

type Cells = Partial<Record<Role, number | Record<string, number>>>;

/** One scrape a second from `from` on; of a role with several workers a record by worker. */
function historyOf(
  scrapes: readonly (Cells | null)[],
  { name = 'server', engine = 'vllm' as Engine, from = 0, every = 1 } = {},
): UpstreamHistory {
  const history = new UpstreamHistory(name, every);
  scrapes.forEach((cells, index) => {
    const at = from + index * every;
    if (cells === null) return history.addFailure(at, 'refused');
    const values = Object.entries(cells).flatMap(([role, value]) =>
      Object.entries(typeof value === 'number' ? { '': value } : value).map(([replica, each]) => ({
        role: role as Role,
        replica,
        device: '',
        value: each,
      })),
    );
    history.add(at, engine, values);
  });
  return history;
}

const counting = (values: readonly (number | null)[]): UpstreamHistory =>
  historyOf(values.map((value) => (value === null ? null : { output_tokens_total: value })));
const client = { outputTokens: NaN, ttftSeconds: NaN };
const figures = (
  histories: UpstreamHistory | UpstreamHistory[],
  from: number,
  to: number,
  own = client,
): ReturnType<typeof figuresOver> => figuresOver([histories].flat(), [{ from, to }], own);

describe("a counter's growth in a window", () => {
  it('is cut at the edges in proportion to the scrape interval', () => {
    const history = counting([0, 10, 30, 60]);
    expect(growthWithin(history, 0, { from: 0.5, to: 2.25 })).toEqual({ increase: 5 + 20 + 7.5, seconds: 1.75 });
  });

  it('goes on after the counter began anew', () => {
    expect(growthWithin(counting([100, 110, 4, 9]), 0, { from: 0, to: 3 })).toEqual({ increase: 19, seconds: 3 });
  });

  it('is exact over scrapes that failed, which lose nothing of a counter', () => {
    expect(growthWithin(counting([0, null, null, 90]), 0, { from: 1, to: 2 })).toEqual({ increase: 30, seconds: 1 });
  });

  it('is not extrapolated to where nothing was seen', () => {
    expect(growthWithin(counting([0, 10, 20]), 0, { from: -3, to: 9 })).toEqual({ increase: 20, seconds: 2 });
    expect(growthWithin(counting([0, 10]), 0, { from: 5, to: 6 }).increase).toBeNaN();
  });

  it('of adjoining windows adds up to that of both', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 60 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(steps, share, share, share, (increments, a, b, c) => {
        let value = 0;
        const history = counting([0, ...increments.map((step) => (value += step))]);
        const [from, middle, to] = [a, b, c].toSorted((x, y) => x - y).map((x) => x * increments.length);
        const between = (x: number, y: number): number => growthWithin(history, 0, { from: x, to: y }).increase || 0;
        expect(between(from!, middle!) + between(middle!, to!)).toBeCloseTo(between(from!, to!), 6);
      }),
    );
  });
});

describe('figures of a window', () => {
  const steady = (cells: (second: number) => Cells, seconds = 11): UpstreamHistory =>
    historyOf(Array.from({ length: seconds }, (_, second) => cells(second)));

  it('are rates of counters, and means and peaks of one sample a scrape', () => {
    const history = steady((second) => ({
      output_tokens_total: 100 * second,
      requests_finished_total: 2 * second,
      preemptions_total: second,
      requests_running: second < 5 ? 8 : 4,
      requests_waiting: second < 5 ? 3 : 0,
      kv_usage_ratio: 0.05 * second,
    }));
    const found = figures(history, 1.5, 8.5);
    expect(found.outputTokensPerSecond).toBeCloseTo(100, 9);
    expect(found.preemptionsPerRequest).toBeCloseTo(0.5, 9);
    expect(found.requestsRunning).toEqual({ mean: (3 * 8 + 4 * 4) / 7, peak: 8, samples: 7 });
    expect(found.waitingShare).toBeCloseTo(3 / 7, 9);
    expect(found.kvUsage.peak).toBeCloseTo(0.4, 9);
  });

  it('are unknown, never 0, where nothing is told', () => {
    const found = figures(
      steady(() => ({ requests_running: 1 })),
      0,
      10,
    );
    expect(found.kvHitRatio).toBeNaN();
    expect(found.outputTokensPerSecond).toBeNaN();
    expect(found.requestsWaiting).toEqual({ mean: NaN, peak: NaN, samples: 0 });
    expect(found.waitingShare).toBeNaN();
    expect(found.workers).toEqual([]);
  });

  it('take the hit rate from tokens, else from lookups, else from the gauge', () => {
    const rate = (cells: (second: number) => Cells): number => figures(steady(cells), 0, 10).kvHitRatio;
    const lookups = (second: number): Cells => ({ cache_lookups_total: 10 * second, cache_hits_total: 4 * second });
    expect(rate((s) => ({ ...lookups(s), cached_tokens_total: 30 * s, prompt_tokens_total: 40 * s }))).toBeCloseTo(
      0.75,
    );
    expect(rate((s) => ({ ...lookups(s), kv_hit_ratio: 0.9 }))).toBeCloseTo(0.4);
    expect(rate(() => ({ kv_hit_ratio: 0.9 }))).toBeCloseTo(0.9);
  });

  it('have no hit rate while no prompt was looked up', () => {
    expect(
      figures(
        steady(() => ({ cached_tokens_total: 5, prompt_tokens_total: 9 })),
        0,
        10,
      ).kvHitRatio,
    ).toBeNaN();
  });

  it("are the server's mean times, and what the client's TTFT has above them", () => {
    const history = steady((s) => ({ ttft_seconds_sum: 0.6 * s, ttft_seconds_count: 3 * s }));
    const found = figures(history, 0.3, 9.9, { outputTokens: NaN, ttftSeconds: 0.215 });
    expect(found.ttftSeconds).toBeCloseTo(0.2, 9);
    expect(found.ttftGapSeconds).toBeCloseTo(0.015, 9);
  });

  it('tell the acceptance of drafts: rate, and length with the token that needs no draft', () => {
    const found = figures(
      steady((s) => ({ spec_drafts_total: s, spec_draft_tokens_total: 3 * s, spec_accepted_tokens_total: 1.5 * s })),
      0,
      10,
    );
    expect(found.specAcceptanceRatio).toBeCloseTo(0.5, 9);
    expect(found.specAcceptanceLength).toBeCloseTo(2.5, 9);
  });

  it("do not take SGLang's 0 for an acceptance when nothing was drafted", () => {
    const found = figures(
      steady(() => ({ spec_acceptance_ratio: 0 })),
      0,
      10,
    );
    expect(found.specAcceptanceRatio).toBeNaN();
  });

  it('tell workers apart and how far they spread', () => {
    const history = steady((second) => ({
      requests_running: { a: 10, b: 4 },
      output_tokens_total: { a: 50 * second, b: 80 * second },
    }));
    const found = figures(history, 0, 10);
    expect(found.requestsRunning.mean).toBe(14);
    expect(found.workerRunningSpread).toEqual({ mean: 6, peak: 6, samples: 11 });
    expect(found.workers.map(({ replica, running }) => [replica, running])).toEqual([
      ['a', 10],
      ['b', 4],
    ]);
    expect(found.workers[1]!.outputTokensPerSecond).toBeCloseTo(80, 9);
  });

  it('add up the upstreams of one engine, scraped at different moments', () => {
    const cells = (second: number): Cells => ({ requests_running: 4, output_tokens_total: 10 * second });
    const twenty = Array.from({ length: 20 }, (_, second) => cells(second));
    const both = [historyOf(twenty, { name: 'a' }), historyOf(twenty, { name: 'b', from: 0.5 })];
    const found = figures(both, 2, 12);
    expect(found.requestsRunning.mean).toBe(8);
    expect(found.outputTokensPerSecond).toBeCloseTo(20, 9);
    expect(found.workers.map(({ upstream }) => upstream)).toEqual(['a', 'b']);
  });

  it('believe the first of two engines that tell the same', () => {
    const cells = (second: number): Cells => ({ output_tokens_total: 10 * second });
    const twenty = Array.from({ length: 20 }, (_, second) => cells(second));
    const both = [historyOf(twenty, { name: 'router', engine: 'dynamo' }), historyOf(twenty, { name: 'worker' })];
    expect(figures(both, 2, 12).outputTokensPerSecond).toBeCloseTo(10, 9);
  });

  it('take energy from its counter, else from the power', () => {
    const own = { outputTokens: 5000, ttftSeconds: NaN };
    const counted = historyOf(
      Array.from({ length: 11 }, (_, s) => ({ gpu_energy_joules_total: 70 * s })),
      { engine: 'dcgm' },
    );
    const found = figures(counted, 0, 10, own);
    expect(found.gpuEnergyJoules).toBeCloseTo(700, 6);
    expect(found.tokensPerJoule).toBeCloseTo(5000 / 700, 9);
    const powered = historyOf(
      Array.from({ length: 11 }, () => ({ gpu_power_watts: { a: 50, b: 20 } })),
      { engine: 'dcgm' },
    );
    expect(figures(powered, 0, 10, own).gpuEnergyJoules).toBeCloseTo(700, 6);
  });

  it('have no rates where scrapes cover less than half of the window', () => {
    const history = counting([0, 10, 20, 30]);
    expect(figures(history, 0, 5).outputTokensPerSecond).toBeCloseTo(10, 9);
    expect(figures(history, 0, 8).outputTokensPerSecond).toBeNaN();
  });

  it('pool the spans of several windows', () => {
    const history = counting([0, 10, 20, 20, 20, 60, 100]);
    const spans = [
      { from: 0, to: 2 },
      { from: 4, to: 6 },
    ];
    const found = figuresOver([history], spans, client);
    expect(found.outputTokensPerSecond).toBeCloseTo(100 / 4, 9);
    expect(found.seconds).toBe(4);
  });
});

describe('how well an upstream was seen', () => {
  it('is told by failed scrapes, the longest gap and the last problem', () => {
    const history = counting([0, 10, null, null, null, 50, 60]);
    expect(figures(history, 0, 6).coverage).toEqual([
      {
        upstream: 'server',
        engine: 'vllm',
        scrapes: 7,
        failed: 3,
        longestGapSeconds: 4,
        restarts: 0,
        problem: 'refused',
      },
    ]);
  });

  it('is told by restarts: counters that begin anew, or a later start of the process', () => {
    const restarts = (scrapes: Cells[], from: number, to: number): number =>
      figures(historyOf(scrapes), from, to).coverage[0]!.restarts;
    const reset = [5, 6, 7, 1, 2].map((value) => ({ output_tokens_total: value }));
    expect(restarts(reset, 0, 4)).toBe(1);
    expect(restarts(reset, 3, 4)).toBe(0);
    const started = [100, 100, 163, 163].map((value) => ({ process_start_seconds: value, output_tokens_total: 0 }));
    expect(restarts(started, 0, 3)).toBe(1);
  });

  it('counts no restart of a GPU exporter, which serves nothing', () => {
    const history = historyOf(
      [5, 1].map((value) => ({ gpu_energy_joules_total: value })),
      { engine: 'dcgm' },
    );
    expect(figures(history, 0, 1).coverage[0]!.restarts).toBe(0);
  });
});
