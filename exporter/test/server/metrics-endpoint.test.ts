import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { startSidecar } from './sidecar.js';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('/metrics', () => {
  it('is Prometheus text by default', async () => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url).get('/metrics').expect(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain('# TYPE loadgen_requests_total counter\nloadgen_requests_total 3');
    expect(answer.text).not.toContain('# EOF');
  });

  it('is OpenMetrics where the scraper asks for it', async () => {
    const sidecar = await startSidecar();
    const scrape = request(sidecar.url).get('/metrics').set('Accept', 'application/openmetrics-text;version=1.0.0');
    const answer = await scrape.buffer(true).parse((res, done) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString()));
      res.on('end', () => done(null, text));
    });
    expect(answer.headers['content-type']).toBe(OPENMETRICS);
    const text = String(answer.body);
    expect(text).toContain('# TYPE loadgen_requests counter\nloadgen_requests_total 3');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('stays the same text after an OpenMetrics scrape, and under scrapes of both kinds at once', async () => {
    const sidecar = await startSidecar();
    const text = async (accept: string): Promise<string> => {
      const answer = await fetch(`${sidecar.url}/metrics`, { headers: { accept } });
      return answer.text();
    };
    const before = await text('text/plain');
    const [open, plain] = await Promise.all([text('application/openmetrics-text'), text('text/plain')]);
    expect(open).toContain('# EOF');
    expect(plain).toBe(before);
    sidecar.requests.inc();
    expect(await text('text/plain')).toContain('loadgen_requests_total 4');
  });

  it('answers 500 without details when a collector fails, and does not count that as a scrape', async () => {
    const sidecar = await startSidecar();
    sidecar.registry.getMetricsAsArray = () => {
      throw new Error('collector broke');
    };
    const answer = await request(sidecar.url).get('/metrics').expect(500);
    expect(answer.text).not.toContain('collector broke');
    expect(sidecar.server.scrapes.scrapeCount).toBe(0);
  });
});

describe('counting scrapes', () => {
  it('tells how many there were and when the last one was', async () => {
    const sidecar = await startSidecar({
      clock: {
        now: () => 0,
        epoch: () => 1_800_000_000,
        timer: () => ({ cancel: () => undefined }),
        defer: setImmediate,
      },
    });
    const { scrapes } = sidecar.server;
    expect([scrapes.scrapeCount, scrapes.lastScrapeAt]).toEqual([0, null]);
    await request(sidecar.url).get('/metrics').expect(200);
    await request(sidecar.url).get('/metrics').expect(200);
    expect([scrapes.scrapeCount, scrapes.lastScrapeAt]).toEqual([2, 1_800_000_000]);
  });

  it('counts from a moment only those that began after it', async () => {
    const sidecar = await startSidecar();
    const { scrapes } = sidecar.server;
    const underWay = scrapes.begin();
    const since = scrapes.countFromNow();
    underWay();
    expect(scrapes.scrapeCount).toBe(1);
    expect(since()).toBe(0);
    await request(sidecar.url).get('/metrics').expect(200);
    expect(since()).toBe(1);
  });

  it('leaves out HEAD, which carries no values', async () => {
    const sidecar = await startSidecar();
    await request(sidecar.url).head('/metrics').expect(200);
    expect(sidecar.server.scrapes.scrapeCount).toBe(0);
  });
});

describe('health', () => {
  it('is alive before it is ready, and says what it waits for', async () => {
    let ready = false;
    const sidecar = await startSidecar({
      readiness: () => (ready ? { ready } : { ready: false, reason: 'target does not answer yet' }),
    });
    await request(sidecar.url).get('/healthz').expect(200, { status: 'ok' });
    const answer = await request(sidecar.url).get('/readyz').expect(503);
    expect(answer.text).toContain('target does not answer yet');
    ready = true;
    await request(sidecar.url).get('/readyz').expect(200);
  });
});

describe('a listener of its own for metrics', () => {
  it('serves metrics and health and nothing else, under any host name', async () => {
    const sidecar = await startSidecar({ metricsListen: { host: '127.0.0.1', port: 0 } });
    const beside = new URL(sidecar.metricsUrl).origin;
    expect(beside).not.toBe(sidecar.url);
    for (const path of ['/metrics', '/healthz', '/readyz']) {
      await request(beside).get(path).set('Host', '10.1.2.3:9401').expect(200);
    }
    for (const path of ['/', '/api/v1/sweeps', '/api/status']) {
      await request(beside).get(path).set(sidecar.bearer).expect(404);
    }
  });
});
