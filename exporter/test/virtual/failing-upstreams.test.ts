import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../../src/report/markdown.js';
import type { FinishedRun } from '../../src/sweep/finish.js';
import type { FetchText } from '../../src/telemetry/http-fetch.js';
import type { OpenProbe } from '../../src/telemetry/hub.js';
import { PageProbe } from '../../src/telemetry/page-probe.js';
import { UpstreamError } from '../../src/telemetry/page.js';
import { plantedSweep } from '../support/planted-sweep.js';
import { fixture } from '../telemetry/fixtures.js';

const answer = (text: string): ReturnType<FetchText> => Promise.resolve({ text, contentType: 'text/plain' });
let calls = 0;

/** Ways to fail, as the socket's end of a scrape sees them; an integration test has them over real sockets. */
const FAULTS: Record<string, FetchText> = {
  refused: () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
  hang: (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
  error: () => Promise.reject(new UpstreamError('answered 500')),
  long: () => answer('x 1\n'.repeat(20_000)),
  garbage: () => answer('\0\xff{"\\ '.repeat(2000)),
  flapping: () =>
    (calls += 1) % 2 === 0 ? FAULTS['refused']!('', new AbortController().signal) : answer(fixture('vllm-0.8.prom')),
};
const NAMES = Object.keys(FAULTS);

const faulty =
  (own: OpenProbe): OpenProbe =>
  (spec) => {
    const fetch = FAULTS[spec.name];
    if (fetch === undefined) return own(spec);
    return { probe: new PageProbe({ url: spec.url, engine: 'auto', raw: [], fetch }), close: () => undefined };
  };

/** Short, since the levels are not what is looked at. */
const BRIEF = {
  levels: '[1, 2]',
  load: 'prime: 2s, warmup: 2s, measure: { duration: 8s, minSamples: 10 }, cooldown: 1s',
};
const target = "{ url: 'http://127.0.0.1:8000', name: target }";
const failing = NAMES.map((name) => `{ url: 'http://127.0.0.1:1/metrics', name: ${name} }`);
const upstreams = (list: readonly string[]): string => `telemetry: [${list.join(', ')}]`;

describe('upstreams that fail during a sweep', () => {
  it("leave the sweep's own numbers as they are without them, to the last digit", async () => {
    const [watched, alone] = [
      await plantedSweep({ ...BRIEF, telemetry: upstreams([target, ...failing]), wrapProbe: faulty }),
      await plantedSweep({ ...BRIEF, telemetry: 'telemetry: none' }),
    ];
    const own = ({ result }: FinishedRun): object[] =>
      result.levels.map((level) => ({ ...level, telemetry: null, cache: null }));
    expect(own(watched)).toEqual(own(alone));
    expect(alone.result.telemetry).toBeUndefined();
  });

  it('take nothing from what another one tells; the report says which were not seen, and why', async () => {
    const [watched, alone] = [
      await plantedSweep({
        ...BRIEF,
        telemetry: upstreams([target, ...failing.slice(0, -1)]),
        wrapProbe: faulty,
      }),
      await plantedSweep({ ...BRIEF, telemetry: upstreams([target]) }),
    ];
    const rates = ({ result }: FinishedRun): (number | null)[] =>
      result.levels.map(({ telemetry }) => telemetry!.outputTokensPerSecond);
    expect(rates(watched)).toEqual(rates(alone));
    const report = renderMarkdown(watched.result);
    for (const { upstream, scrapes, failed, problem } of watched.result.telemetry!.figures.coverage) {
      if (upstream === 'target') continue;
      expect(failed).toBe(scrapes);
      expect(problem).not.toBe('');
      expect(report).toContain(`${upstream}: ${failed} of ${scrapes} scrapes failed`);
    }
  });

  it('and come back are used for what they told, and their gaps are told', async () => {
    const { result } = await plantedSweep({
      ...{ ...BRIEF, telemetry: upstreams([target, failing.at(-1)!]), wrapProbe: faulty },
    });
    const { scrapes, failed, engine } = result.telemetry!.figures.coverage.find(
      ({ upstream }) => upstream === 'flapping',
    )!;
    expect(engine).toBe('vllm');
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(scrapes);
    expect(renderMarkdown(result)).toContain(`flapping: ${failed} of ${scrapes} scrapes failed`);
  });
});
