import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SweepSpec } from '../../src/config/spec.js';
import { specOf } from '../support/virtual-sweep.js';
import { confinementProblems } from '../../src/server/confinement.js';
import { allowListProblems, forbiddenUrls, isAllowedTarget } from '../../src/server/allow-list.js';

describe('the allow-list of targets', () => {
  it.each([
    ['http://vllm:8000', 'http://vllm:8000'],
    ['http://vllm:8000/v1', 'http://vllm:8000'],
    ['HTTP://VLLM:8000/v1?x=1', 'http://vllm:8000/'],
    ['http://vllm', 'http://vllm:80'],
    ['https://api.example:443/v1', 'https://api.example'],
    ['http://vllm.:8000', 'http://vllm:8000'],
    ['http://2130706433:8000', 'http://127.0.0.1:8000'],
    ['http://[0:0:0:0:0:0:0:1]:8000', 'http://[::1]:8000'],
    ['http://a.models.svc:8000', 'http://*.models.svc:8000'],
    ['http://a.b.models.svc:8000', 'http://*.models.svc:8000'],
    ['http://127.0.0.1:31234', 'http://127.0.0.1:*'],
    ['https://a.example:8443', 'https://*.example:*'],
    ['http://anything.example', '*'],
  ])('lets %s through by %s', (url, entry) => {
    expect(isAllowedTarget(url, ['http://other:1', entry])).toBe(true);
  });

  it.each([
    ['http://vllm:8001', 'http://vllm:8000'],
    ['https://vllm:8000', 'http://vllm:8000'],
    ['http://vllm.evil.example:8000', 'http://vllm:8000'],
    ['http://models.svc:8000', 'http://*.models.svc:8000'],
    ['http://evilmodels.svc:8000', 'http://*.models.svc:8000'],
    ['http://a.models.svc.evil.example:8000', 'http://*.models.svc:8000'],
    ['http://127.0.0.1.evil.example:1', 'http://127.0.0.1:*'],
    ['http://user:pass@vllm:8000', 'http://vllm:8000'],
    ['http://user@vllm:8000', '*'],
    ['http://@vllm:8000', '*'],
    ['http://vllm:8000@evil.example', 'http://vllm:8000'],
    ['http://evil.example\\@vllm:8000', 'http://vllm:8000'],
    ['http://evil.example#@vllm:8000', 'http://vllm:8000'],
    [' http://vllm:8000', 'http://vllm:8000'],
    ['http://vllm:8000\n', 'http://vllm:8000'],
    ['file:///etc/passwd', '*'],
    ['ftp://vllm', '*'],
    ['javascript:alert(1)', '*'],
    ['vllm:8000', '*'],
    ['', '*'],
    ['http://anything', 'http://*'],
    ['http://a.b', 'http://a*'],
    ['http://127.0.0.1', 'http://*.0.0.1'],
  ])('refuses %j by %s', (url, entry) => {
    expect(isAllowedTarget(url, [entry])).toBe(false);
  });

  it('refuses everything when it is empty', () => {
    fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (url) => !isAllowedTarget(url, [])));
  });

  it('lets a URL through exactly when its origin is the one listed', () => {
    const url = fc.webUrl({ validSchemes: ['http', 'https'] });
    fc.assert(
      fc.property(url, url, (a, b) => {
        const same = new URL(a).origin === new URL(b).origin;
        expect(isAllowedTarget(a, [new URL(b).origin])).toBe(same);
      }),
    );
  });

  it('tells which of its entries can never match', () => {
    const bad = ['vllm:8000', 'http://vllm/v1', 'http://*', 'http://u:p@vllm', 'http://10.0.0.*', 'ftp://x'];
    expect(allowListProblems(['http://vllm:8000', '*', 'http://*.svc:*', ...bad]).length).toBe(bad.length);
  });

  it('is asked for every server that a spec would have called', () => {
    const followUp = { kind: 'model', url: 'http://internal:80' };
    const spec = { target: { url: 'http://vllm:8000' }, workload: { kind: 'conversation', followUp } };
    expect(forbiddenUrls(spec as unknown as SweepSpec, ['http://vllm:8000'])).toEqual(['http://internal:80']);
    expect(forbiddenUrls(spec as unknown as SweepSpec, ['http://vllm:8000', 'http://internal'])).toEqual([]);
  });

  it('is asked for upstreams too, but for those that the sidecar itself was given', () => {
    const asking = (url: string): SweepSpec =>
      specOf(
        `target: {url: 'http://vllm:8000'}\nload: {levels: [1]}\nworkload: {kind: prompt, prompt: a}\ntelemetry: [{url: '${url}'}]`,
      );
    const metadata = asking('http://169.254.169.254/latest');
    expect(forbiddenUrls(metadata, ['http://vllm:8000'])).toEqual(['http://169.254.169.254/latest']);
    expect(forbiddenUrls(asking('http://vllm:8000'), ['http://vllm:8000'])).toEqual([]);
    const own = asking('http://gpus:9400');
    expect(forbiddenUrls(own, ['http://vllm:8000'], own)).toEqual([]);
    expect(forbiddenUrls(metadata, ['http://vllm:8000'], own)).toHaveLength(1);
  });
});

describe('a spec that came by the API', () => {
  const asked = (extra: string, load = ''): SweepSpec =>
    specOf(
      `target: {url: 'http://vllm:8000'}\nload: {levels: [1]${load}}\nworkload: {kind: prompt, prompt: a}\n${extra}`,
    );
  const withKey = asked("telemetry: [{url: 'http://vllm:8000', headers: {Authorization: 'Bearer ${KEY}'}}]");
  const withReset = asked('', ', resetCache: {path: /reset_prefix_cache}');

  it("may neither send secrets of the environment to an upstream nor steer the target, unless the sidecar's own spec does", () => {
    const paths = (spec: SweepSpec, own: SweepSpec | null): string[] =>
      confinementProblems(spec, own).map(({ path }) => path);
    expect(paths(withKey, null)).toEqual(['telemetry[vllm:8000].headers.Authorization']);
    expect(paths(withKey, withKey)).toEqual([]);
    expect(paths(withReset, null)).toEqual(['load.resetCache']);
    expect(paths(withReset, withReset)).toEqual([]);
  });
});
