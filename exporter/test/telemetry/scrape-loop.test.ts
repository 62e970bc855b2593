import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { sleep } from '../../src/clock/clock.js';
import type { UpstreamSpec } from '../../src/config/spec.js';
import { TelemetryHub } from '../../src/telemetry/hub.js';
import type { UpstreamPage } from '../../src/telemetry/page.js';
import { UpstreamError } from '../../src/telemetry/page.js';
import { RunTelemetry } from '../../src/telemetry/run-telemetry.js';
import { ScrapeLoop, type ScrapeResult } from '../../src/telemetry/scrape-loop.js';

const page = (output = 0): UpstreamPage => ({
  engine: 'vllm',
  values: [{ role: 'output_tokens_total', replica: '', device: '', value: output }],
  matched: new Map([['output_tokens_total', 'x']]),
  raw: [],
  rawTypes: new Map(),
  remarks: [],
});

interface Rig {
  clock: VirtualClock;
  asked: number[];
  results: ScrapeResult[];
  loop: ScrapeLoop;
}

function rig(answer: (n: number, clock: VirtualClock) => Promise<UpstreamPage>, phase = 0): Rig {
  const clock = new VirtualClock(100);
  const asked: number[] = [];
  const results: ScrapeResult[] = [];
  const probe = {
    scrape: () => {
      asked.push(clock.now() - 100);
      return answer(asked.length, clock);
    },
  };
  const options = { clock, probe, intervalSeconds: 1, timeoutSeconds: 2, phase };
  const loop = new ScrapeLoop({ ...options, onResult: (result) => void results.push(result) });
  return { clock, asked, results, loop };
}

const until = async ({ clock }: Rig, second: number): Promise<void> => {
  await clock.runUntil(() => clock.now() >= 100 + second, 100 + second);
};

describe('the loop of an upstream', () => {
  it('asks each second, at its own place in the second', async () => {
    const made = rig(() => Promise.resolve(page()), 0.25);
    await until(made, 3.5);
    expect(made.asked.map((at) => Number(at.toFixed(6)))).toEqual([0, 0.25, 1.25, 2.25, 3.25]);
  });

  it('keeps its places when an answer is late, and never asks twice at once', async () => {
    const made = rig(async (n, clock) => {
      if (n === 2) await sleep(clock, 1.5);
      return page();
    });
    await until(made, 5.5);
    expect(made.asked).toEqual([0, 1, 3, 4, 5]);
    expect(made.results[1]).toMatchObject({ at: 101.75, durationSeconds: 1.5 });
  });

  it('gives up after the time-out and asks a failing upstream ever less often, at least every 8 seconds', async () => {
    const made = rig(() => new Promise(() => undefined));
    await until(made, 60);
    const gaps = made.asked.slice(1).map((at, index) => at - made.asked[index]!);
    expect(gaps.map(Math.round)).toEqual([3, 4, 6, 10, 10, 10, 10]);
    expect(made.results[0]!.problem).toBe('did not answer within 2 s');
  });

  it('is back to each second with the first answer', async () => {
    const made = rig((n) => (n <= 3 ? Promise.reject(new UpstreamError('answered 500')) : Promise.resolve(page())));
    await until(made, 12.5);
    expect(made.asked).toEqual([0, 1, 3, 7, 8, 9, 10, 11, 12]);
    expect(made.results.map(({ problem }) => problem).slice(0, 4)).toEqual([
      'answered 500',
      'answered 500',
      'answered 500',
      '',
    ]);
  });

  it('asks and tells no more once it is stopped', async () => {
    const made = rig(() => Promise.resolve(page()));
    await until(made, 1.5);
    made.loop.stop();
    await until(made, 9);
    expect(made.asked).toEqual([0, 1]);
  });
});

const spec = (name: string): UpstreamSpec => ({
  ...{ engine: 'vllm', url: `http://${name}/metrics`, name, intervalSeconds: 1, timeoutSeconds: 2 },
  ...{ headers: {}, raw: [], queries: {} },
});

function hubOf(clock: VirtualClock): { hub: TelemetryHub; opened: string[]; closed: string[] } {
  const opened: string[] = [];
  const closed: string[] = [];
  const hub = new TelemetryHub(clock, ({ name }) => {
    opened.push(name);
    const scrape = (): Promise<UpstreamPage> => Promise.resolve(page(10 * (clock.now() - 100)));
    return { probe: { scrape }, close: () => void closed.push(name) };
  });
  return { hub, opened, closed };
}

describe('the upstreams in use', () => {
  it('go on undisturbed where the next run names them too; others end', () => {
    const { hub, opened, closed } = hubOf(new VirtualClock(100));
    hub.use([spec('a'), spec('b')]);
    hub.use([spec('b'), spec('c')]);
    expect({ opened, closed }).toEqual({ opened: ['a', 'b', 'c'], closed: ['a'] });
    hub.stop();
    expect(closed).toEqual(['a', 'b', 'c']);
  });

  it('are kept for a run in its log, from which an interrupted run has them again', async () => {
    const clock = new VirtualClock(100);
    const { hub } = hubOf(clock);
    const lines: string[] = [];
    const telemetry = new RunTelemetry({
      originSeconds: 100,
      originEpoch: 5000,
      write: (line) => void lines.push(line),
    });
    hub.use([spec('a')]);
    telemetry.follow(hub);
    await clock.runUntil(() => clock.now() >= 110, 110);
    telemetry.stop();
    hub.stop();
    const span = [{ from: 2.5, to: 7.5 }];
    const client = { outputTokens: NaN, ttftSeconds: NaN };
    const figures = telemetry.figures(span, client)!;
    expect(figures.outputTokensPerSecond).toBeCloseTo(10, 6);
    const again = new RunTelemetry({ originSeconds: 100, originEpoch: 5000, write: () => undefined });
    again.restore([...lines, '{"at":3,"upstr']);
    expect(again.figures(span, client)).toEqual(figures);
  });
});
