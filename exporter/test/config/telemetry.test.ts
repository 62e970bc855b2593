import { describe, expect, it } from '@jest/globals';
import { parseSpec } from '../../src/config/parse.js';
import { specToYaml } from '../../src/config/spec-yaml.js';
import { complaints, specOf, yaml } from './example-spec.js';

const withTelemetry = (text: string): string => yaml({ extra: `telemetry: ${text}` });

describe('telemetry in a spec', () => {
  it("is the target's own metrics unless said otherwise, and may be switched off", () => {
    expect(specOf(yaml()).telemetry).toBe('auto');
    expect(specOf(withTelemetry('none')).telemetry).toEqual([]);
    expect(specOf(withTelemetry('[]')).telemetry).toEqual([]);
  });

  it('names upstreams after their host and port, and asks for /metrics each second', () => {
    const spec = specOf(withTelemetry('[{url: "http://a:8000"}, {engine: dcgm, url: "http://a:9400/gpu/metrics"}]'));
    expect(spec.telemetry).toEqual([
      {
        ...{ engine: 'auto', url: 'http://a:8000/metrics', name: 'a:8000', intervalSeconds: 1, timeoutSeconds: 5 },
        ...{ headers: {}, raw: [], queries: {} },
      },
      {
        ...{ engine: 'dcgm', url: 'http://a:9400/gpu/metrics', name: 'a:9400/gpu/metrics' },
        ...{ intervalSeconds: 1, timeoutSeconds: 5, headers: {}, raw: [], queries: {} },
      },
    ]);
  });

  it('is the same after it was written out', () => {
    const spec = specOf(
      withTelemetry(
        '[{engine: prometheus, url: "http://p:9090", name: prom, interval: 15s, queries: {requests_waiting: "sum(x)"}, headers: {X-Scope-OrgID: a}}, {url: "http://a:8000", raw: ["vllm:x"]}]',
      ).replace('levels: [1, 2]', 'levels: [1, 2], resetCache: {path: /reset_prefix_cache}'),
    );
    const again = parseSpec(specToYaml(spec));
    expect('spec' in again && again.spec).toEqual(spec);
  });

  it.each([
    ['{url: "http://a"}', 'telemetry: must be a list of upstreams, auto or none'],
    ['[{engine: vlm, url: "http://a"}]', 'telemetry[0].engine: must be one of'],
    ['[{url: "http://user:secret@a"}]', 'telemetry[0].url: must not contain a user or password'],
    ['[{url: "ftp://a"}]', 'telemetry[0].url: must begin with http:// or https://'],
    ['[{url: "http://a", headers: {Authorization: "Bearer x"}}]', 'telemetry[0].headers.Authorization: holds a secret'],
    ['[{url: "http://a"}, {url: "http://a/metrics"}]', 'telemetry[1]: is the name of another upstream too: a'],
    ['[{engine: prometheus, url: "http://a"}]', 'telemetry[0].queries: is missing'],
    [
      '[{url: "http://a", queries: {requests_waiting: x}}]',
      'telemetry[0].queries: does not go together with engine auto',
    ],
    ['[{url: "http://a", raw: ["a b"]}]', 'telemetry[0].raw[0]: must be the name of a metric'],
    ['[{url: "http://a", intervall: 1s}]', 'telemetry[0].intervall: is not a key of the spec'],
  ])('is refused with a word on %s', (text, complaint) => {
    expect(complaints(withTelemetry(text)).some((line) => line.startsWith(complaint))).toBe(true);
  });
});

describe('the reset of the prefix cache', () => {
  it('is a path on the target or another URL, not both', () => {
    const load = (text: string): string => yaml({ load: `levels: [1], resetCache: ${text}` });
    expect(specOf(load('{path: /reset_prefix_cache}')).load.resetCache).toEqual({ path: '/reset_prefix_cache' });
    expect(complaints(load('{path: reset}'))[0]).toContain('load.resetCache.path: must be a path such as');
    expect(complaints(load('{path: //evil, url: "http://a"}'))[0]).toContain('load.resetCache.path: must be a path');
    expect(complaints(load('{}'))[0]).toContain('load.resetCache: needs either path or url');
  });
});
