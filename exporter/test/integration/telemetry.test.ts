import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResult } from '../../src/report/parse-result.js';
import { cli, CliProcess, shortSpec, simulator, temporaryFolder } from '../support/cli.js';
import { fixture } from '../telemetry/fixtures.js';

const GARBAGE = `${'\0\xff{"\\ '.repeat(2000)}\n`;

/** One server whose paths fail each in its own way. */
const FAULTS: Record<string, RequestListener> = {
  '/hang': () => undefined,
  '/error': (_, response) => void response.writeHead(500).end('oops'),
  '/garbage': (_, response) => void response.end(GARBAGE),
  '/long': (_, response) => {
    const chunk = 'x 1\n'.repeat(65_536);
    const write = (): void => {
      while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', write);
    };
    write();
  },
};

describe('a sweep whose upstreams fail', () => {
  let server: Server;
  let base: string;
  let calls = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const fault = FAULTS[request.url ?? ''];
      if (fault !== undefined) return fault(request, response);
      calls += 1;
      if (calls % 2 === 0) response.destroy();
      else response.end(fixture('vllm-0.8.prom'));
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('ends as planned with valid windows; /metrics and the report tell which were not seen', async () => {
    const target = await simulator();
    const folder = temporaryFolder();
    const names = ['hang', 'error', 'garbage', 'long', 'flapping'];
    const upstreams = names.map((name) => `{ url: '${base}/${name}', name: ${name}, timeout: 500ms }`);
    const refused = "{ url: 'http://127.0.0.1:9/metrics', name: refused }";
    const healthy = `{ url: '${target.url}', name: healthy }`;
    const rest = `telemetry: [${[healthy, refused, ...upstreams].join(', ')}]`;
    const spec = shortSpec(folder, target.url, { rest });
    try {
      const run = new CliProcess(['run', spec, '--listen', '0', '--linger', '1']);
      const [, metricsUrl] = await run.says(/metrics +(http:\S+)/);
      await run.says(/measure 2 users/);
      const metrics = await (await fetch(metricsUrl!)).text();
      expect(metrics).toMatch(/loadgen_upstream_up\{upstream="healthy",engine="vllm"\} 1/);
      for (const name of ['refused', 'hang', 'error', 'garbage', 'long'])
        expect(metrics).toMatch(new RegExp(`loadgen_upstream_up\\{upstream="${name}",engine="unknown"\\} 0`));
      expect(metrics).toMatch(/loadgen_upstream_requests_running\{upstream="healthy"/);
      expect(metrics).not.toMatch(/loadgen_upstream_requests_running\{upstream="hang"/);
      expect(await run.end()).toBe(0);
      const [, dir] = await run.says(/report +(\S+)\/report\.md/);
      const path = dir!.startsWith('/') ? dir! : join(process.cwd(), dir!);
      const result = parseResult(readFileSync(join(path, 'result.json'), 'utf8'), path);
      expect(result.windows.map(({ excluded }) => excluded)).toEqual([null, null, null]);
      const coverage = new Map(result.telemetry!.figures.coverage.map((seen) => [seen.upstream, seen]));
      expect(coverage.get('healthy')).toMatchObject({ engine: 'vllm', failed: 0 });
      for (const name of ['refused', 'hang', 'error', 'garbage', 'long']) {
        const { scrapes, failed } = coverage.get(name)!;
        expect(failed).toBe(scrapes);
      }
      const { scrapes, failed } = coverage.get('flapping')!;
      expect(failed).toBeGreaterThan(0);
      expect(failed).toBeLessThan(scrapes);
      expect(readFileSync(join(path, 'report.md'), 'utf8')).toContain('error:');
    } finally {
      await target.stop();
    }
  }, 90_000);
});

describe('doctor', () => {
  it("tells which of the server's metrics each role is read from, and which are missing", async () => {
    const target = await simulator();
    try {
      const { code, stdout } = await cli(['doctor', shortSpec(temporaryFolder(), target.url)]);
      expect(code).toBe(0);
      expect(stdout).toContain('metrics of target: vllm at');
      expect(stdout).toMatch(/requests_waiting +vllm:num_requests_waiting/);
      expect(stdout).toContain('not told: ');
    } finally {
      await target.stop();
    }
  }, 30_000);
});
