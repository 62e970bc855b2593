import { describe, expect, it } from '@jest/globals';
import { buildRegistry } from '../../src/metrics/registry.js';
import { negotiateFormat } from '../../src/metrics/text-format.js';
import { fullSources, idleSources } from './sample-sources.js';

describe('the format of an answer', () => {
  it.each([
    [undefined, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'prometheus'],
    ['text/plain;version=0.0.4', 'prometheus'],
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'],
    ['application/openmetrics-text;q=0.3,text/plain;q=0.9', 'prometheus'],
    ['application/openmetrics-text;q=0', 'prometheus'],
  ])('for Accept %s is %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });

  it('is named in the content type', async () => {
    const registry = buildRegistry(idleSources());
    const open = await registry.scrape('application/openmetrics-text');
    const plain = await registry.scrape('text/plain');
    expect(open.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(plain.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('of one scraper does not change what another one gets', async () => {
    const registry = buildRegistry(idleSources());
    const before = typesOf(await registry.metrics());
    const [open] = await Promise.all([registry.scrape('application/openmetrics-text'), registry.scrape('text/plain')]);
    expect(open.body).toContain('# TYPE process_cpu_seconds counter');
    expect(typesOf(await registry.metrics())).toEqual(before);
  });
});

const typesOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('# TYPE'));

describe('OpenMetrics', () => {
  it('names a counter without _total and its sample with it, and ends with EOF', async () => {
    const { body } = await buildRegistry(idleSources()).scrape('application/openmetrics-text');
    expect(body).toContain(
      '# TYPE loadgen_requests counter\nloadgen_requests_total{turn_type="initial",status="ok"} 0\n',
    );
    expect(body.endsWith('\n# EOF\n')).toBe(true);
    expect(body).not.toContain('\n\n');
  });

  it('spells NaN as the standard does, everywhere', async () => {
    const { body } = await buildRegistry(idleSources()).scrape('application/openmetrics-text');
    expect(body).toContain('loadgen_ttft_all_seconds{quantile="0.5"} NaN');
    expect(body).not.toMatch(/ Nan$/m);
  });

  it("points at the bucket's newest request", async () => {
    const sources = idleSources();
    sources.requests.histograms.ttft.observeWithExemplar(0, 0.55, 'run-0-17', 1_700_000_000.25);
    const { body } = await buildRegistry(sources).scrape('application/openmetrics-text');
    expect(body).toContain(
      'loadgen_time_to_first_token_seconds_bucket{turn="1",le="0.5878"} 1 # {request_id="run-0-17"} 0.55 1700000000.25\n',
    );
  });

  it('leaves out an exemplar whose id is longer than the standard allows', async () => {
    const sources = idleSources();
    sources.requests.histograms.ttft.observeWithExemplar(0, 0.55, 'x'.repeat(200), 1_700_000_000);
    const { body } = await buildRegistry(sources).scrape('application/openmetrics-text');
    expect(body).not.toContain('request_id');
  });
});

describe("Prometheus' own format", () => {
  it('has no exemplars', async () => {
    expect(await buildRegistry(fullSources()).metrics()).not.toContain('request_id');
  });
});
