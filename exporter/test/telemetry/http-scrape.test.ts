import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { RealClock } from '../../src/clock/real-clock.js';
import type { UpstreamSpec } from '../../src/config/spec.js';
import { checkUpstream, type UpstreamCheck } from '../../src/telemetry/check-upstream.js';
import { openHttpProbe } from '../../src/telemetry/open-probe.js';
import { fixture } from './fixtures.js';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

function look(url: string, changes: Partial<UpstreamSpec> = {}): Promise<UpstreamCheck> {
  const spec: UpstreamSpec = {
    ...{ engine: 'auto', url, name: 'server', intervalSeconds: 1, timeoutSeconds: 2 },
    ...{ headers: {}, raw: [], queries: {} },
    ...changes,
  };
  return checkUpstream(spec, (upstream) => openHttpProbe(upstream, { headers: upstream.headers }), new RealClock());
}

describe('a scrape over HTTP', () => {
  it('reads the page and says which metric each role was read from', async () => {
    const url = await serve((_, response) => void response.end(fixture('vllm-0.32.prom')));
    const { engine, matched, missing, problem } = await look(url);
    expect({ engine, problem }).toEqual({ engine: 'vllm', problem: '' });
    expect(matched.get('requests_waiting')).toBe('vllm:num_requests_waiting');
    expect(missing).toEqual(['kv_hit_ratio', 'spec_acceptance_ratio', 'max_num_seqs']);
  });

  it('unpacks gzip, which it asks for', async () => {
    const url = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toContain('gzip');
      response.setHeader('content-encoding', 'gzip').end(gzipSync(fixture('vllm-0.8.prom')));
    });
    expect((await look(url)).engine).toBe('vllm');
  });

  it('sends the headers of the spec', async () => {
    const url = await serve((request, response) => {
      response.statusCode = request.headers['x-key'] === 'open' ? 200 : 403;
      response.end(fixture('vllm-0.8.prom'));
    });
    expect((await look(url)).problem).toBe('answered 403: it wants credentials (telemetry.headers)');
    expect((await look(url, { headers: { 'X-Key': 'open' } })).engine).toBe('vllm');
  });

  it('asks a Prometheus for each role by its query', async () => {
    const url = await serve((request, response) => {
      const query = new URL(request.url!, 'http://x').searchParams.get('query');
      const result = query === 'sum(x)' ? [{ metric: {}, value: [1, '3'] }] : [];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
    const queries = { requests_waiting: 'sum(x)', requests_running: 'sum(y)' };
    const base = url.replace('/metrics', '/');
    const { matched, missing } = await look(base, { engine: 'prometheus', queries });
    expect([...matched.keys()]).toEqual(['requests_waiting']);
    expect(missing).toEqual(['requests_running']);
  });
});

describe('a scrape that fails', () => {
  it('says that the connection was refused', async () => {
    const url = await serve(() => undefined);
    const server = servers.pop()!;
    await new Promise((resolve) => server.close(resolve));
    expect((await look(url)).problem).toContain('refused the connection');
  });

  it('gives a server up that hangs, also in the middle of its answer', async () => {
    const silent = await serve(() => undefined);
    expect((await look(silent, { timeoutSeconds: 0.1 })).problem).toBe('did not answer within 0.1 s');
    const stuck = await serve((_, response) => void response.write('vllm:num_requests_running 1\n'));
    expect((await look(stuck, { timeoutSeconds: 0.1 })).problem).toBe('did not answer within 0.1 s');
  });

  it('says what was answered instead of metrics', async () => {
    const failing = await serve((_, response) => void response.writeHead(500).end('oops'));
    expect((await look(failing)).problem).toBe('answered 500');
    const page = await serve((_, response) => void response.end('<html><body>hello</body></html>'));
    expect((await look(page)).problem).toContain('answered no metrics but "<html>');
    const moved = await serve((_, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    expect((await look(moved)).problem).toContain('redirects are not followed');
  });

  it('cuts an answer of 200 MB off after 4 MiB', async () => {
    let written = 0;
    const url = await serve((_, response) => {
      const chunk = Buffer.from('x 1\n'.repeat(65_536));
      const write = (): void => {
        while (written < 200e6 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
      };
      write();
    });
    expect((await look(url, { timeoutSeconds: 10 })).problem).toContain('answered more than 4 MiB');
    expect(written).toBeLessThan(50e6);
  });

  it('does not unpack a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(200e6));
    const url = await serve((_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb));
    expect((await look(url, { timeoutSeconds: 10 })).problem).toContain('answered more than 4 MiB');
  });
});
