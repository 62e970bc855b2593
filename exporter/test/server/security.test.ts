import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { cookieValue, generateToken, secretsEqual } from '../../src/server/auth.js';
import { createServer } from '../../src/server/create-server.js';
import { SPEC, startSidecar } from './sidecar.js';

const codeOf = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code;

describe('the token', () => {
  it.each([
    ['get', '/api/v1/sweeps'],
    ['post', '/api/v1/sweeps'],
    ['get', '/api/v1/sweeps/x/events'],
    ['patch', '/api/v1/load'],
    ['get', '/api/status'],
    ['post', '/api/workload/start'],
    ['get', '/api/nothing'],
  ] as const)('is needed for %s %s: 401 without, and the answer says how', async (method, path) => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url)[method](path).expect(401);
    expect(codeOf(answer)).toBe('unauthorized');
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });

  it.each([['Bearer wrong'], ['Bearer'], ['Basic abc'], ['bearer  ']])('is not "%s"', async (header) => {
    const sidecar = await startSidecar();
    await request(sidecar.url).get('/api/v1/sweeps').set('Authorization', header).expect(401);
  });

  it('is not taken from the query of the API', async () => {
    const sidecar = await startSidecar();
    await request(sidecar.url).get(`/api/v1/sweeps?token=${sidecar.token}`).expect(401);
  });

  it('is not needed for metrics and health', async () => {
    const sidecar = await startSidecar();
    for (const path of ['/metrics', '/healthz', '/readyz']) await request(sidecar.url).get(path).expect(200);
  });

  it('is random, long and made for URLs', () => {
    const tokens = new Set(Array.from({ length: 100 }, generateToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  });

  it('is compared in constant time, also where the lengths differ', () => {
    expect(secretsEqual('abc', 'abc')).toBe(true);
    expect(secretsEqual('abc', 'abd')).toBe(false);
    expect(secretsEqual('abc', 'abcd')).toBe(false);
    const source = readFileSync(new URL('../../src/server/auth.ts', import.meta.url), 'utf8');
    expect(source).toContain('timingSafeEqual(digest(given), digest(expected))');
    expect(source).not.toMatch(
      /(header|cookie|given|expected|token) ?[!=]==? ?(token|auth|given|expected|cookieValue)/,
    );
  });

  it('must not be short', () => {
    const service = undefined as never;
    expect(() => createServer({ service, registry: service, auth: { token: 'short' } })).toThrow(/at least 16/);
  });
});

describe('the live page', () => {
  it('exchanges the token in its link for a cookie and takes it out of the address', async () => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.pageUrl).get('').redirects(0).expect(303);
    expect(answer.headers.location).toBe('/');
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(sidecar.token);
    const page = await request(sidecar.url).get('/').set('Cookie', cookie.split(';')[0]!).expect(200);
    expect(page.text).toContain('data-page="live"');
    await request(sidecar.url).get('/api/v1/sweeps').set('Cookie', cookie.split(';')[0]!).expect(200);
  });

  it('asks for the token when there is none, and again when it is wrong', async () => {
    const sidecar = await startSidecar();
    expect((await request(sidecar.url).get('/').expect(401)).text).toContain('name="token"');
    expect((await request(sidecar.url).get('/?token=wrong').expect(401)).text).toContain('not valid');
  });

  it('runs only its own script and style, marked with a nonce that changes', async () => {
    const sidecar = await startSidecar();
    const load = async (): Promise<{ nonce: string; policy: string; text: string }> => {
      const answer = await request(sidecar.url).get('/').set(sidecar.bearer).expect(200);
      const policy = String(answer.headers['content-security-policy']);
      return { nonce: /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '', policy, text: answer.text };
    };
    const [first, second] = [await load(), await load()];
    expect(first.policy).toContain("default-src 'none'");
    expect(first.policy).not.toContain('unsafe');
    expect(first.text).toContain(`<script nonce="${first.nonce}" src="/assets/host.js">`);
    expect(first.text).toContain(`<style nonce="${first.nonce}">`);
    expect(second.nonce).not.toBe(first.nonce);
  });

  it('cannot be changed from by another page that only has the cookie', async () => {
    const sidecar = await startSidecar();
    const cookie = `sweepscope_${sidecar.port}=${cookieValue(sidecar.token)}`;
    const start = (): request.Test => request(sidecar.url).post('/api/v1/sweeps').set('Cookie', cookie).send(SPEC);
    expect(codeOf(await start().expect(401))).toBe('unauthorized');
    expect(codeOf(await start().set('Origin', 'http://127.0.0.1:9').expect(403))).toBe('origin_not_allowed');
    await start().set('Origin', sidecar.url).expect(201);
  });
});

describe('Host and Origin', () => {
  it.each([['evil.example'], ['127.0.0.1.evil.example'], ['localhost@evil.example'], ['localhost.evil.example:80']])(
    'refuses the host %s even with the token (DNS rebinding)',
    async (host) => {
      const sidecar = await startSidecar();
      const answer = await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).set('Host', host).expect(403);
      expect(codeOf(answer)).toBe('host_not_allowed');
      await request(sidecar.url).get(`/?token=${sidecar.token}`).set('Host', host).expect(403);
    },
  );

  it.each([['localhost'], ['LOCALHOST.:9400'], ['127.0.0.1:1'], ['127.8.9.1'], ['[::1]:9400'], ['sweep.example:443']])(
    'answers for the loopback names and configured hosts: %s',
    async (host) => {
      const sidecar = await startSidecar({ allowedHosts: ['sweep.example'] });
      await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).set('Host', host).expect(200);
    },
  );

  it.each([['https://evil.example'], ['null'], ['http://127.0.0.1:1']])('refuses the origin %s', async (origin) => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url)
      .get('/api/v1/sweeps')
      .set(sidecar.bearer)
      .set('Origin', origin)
      .expect(403);
    expect(codeOf(answer)).toBe('origin_not_allowed');
  });

  it('lets Prometheus scrape by any name', async () => {
    const sidecar = await startSidecar();
    await request(sidecar.url).get('/metrics').set('Host', 'sweepscope.monitoring.svc:9400').expect(200);
  });
});

describe('limits', () => {
  it('answers 429 with Retry-After to too many requests, metrics not among them', async () => {
    const sidecar = await startSidecar({ limits: { requestsPerMinute: 2 } });
    const list = (): request.Test => request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer);
    await list().expect(200);
    await list().expect(200);
    const answer = await list().expect(429);
    expect(codeOf(answer)).toBe('too_many_requests');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await request(sidecar.url).get('/metrics').expect(200);
  });

  it('counts changes apart from reading', async () => {
    const sidecar = await startSidecar({ limits: { changesPerMinute: 1 } });
    const stop = (): request.Test => request(sidecar.url).post('/api/v1/sweeps/x/stop').set(sidecar.bearer);
    await stop().expect(404);
    await stop().expect(429);
    await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).expect(200);
  });

  it('limits guessing the token without locking out who has it', async () => {
    const sidecar = await startSidecar({ limits: { failuresPerMinute: 2 } });
    const guess = (): request.Test => request(sidecar.url).get('/api/v1/sweeps').set('Authorization', 'Bearer guess');
    await guess().expect(401);
    await guess().expect(401);
    await guess().expect(429);
    await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).expect(200);
  });

  /** What the server answers to bytes that trickle in, until it closes the connection. */
  const answerTo = (port: number, bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text)).on('error', reject);
    });

  it('cuts off a client that never finishes its headers', async () => {
    const sidecar = await startSidecar({ limits: { headersSeconds: 0.1 } });
    const text = await answerTo(sidecar.port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    expect(text).toContain('"error":{"code"');
  });

  it('cuts off a client that never finishes its body', async () => {
    const sidecar = await startSidecar({ limits: { headersSeconds: 0.1, requestSeconds: 0.2 } });
    const head = `POST /api/v1/sweeps HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${sidecar.token}\r\n`;
    const text = await answerTo(
      sidecar.port,
      `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"`,
    );
    expect(text).toMatch(/^HTTP\/1.1 (408|400) /);
  });

  it('answers what is no HTTP at all with a JSON error', async () => {
    const sidecar = await startSidecar();
    const text = await answerTo(sidecar.port, 'hello there\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toContain('"hint"');
  });
});

describe('secrets', () => {
  it('never reach the log by header, cookie, link or message', async () => {
    const sidecar = await startSidecar();
    await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer);
    await request(sidecar.pageUrl).get('').redirects(0);
    await request(sidecar.url).get(`/nothing/${sidecar.token}`);
    sidecar.service.listRuns = () => Promise.reject(new Error(`failed with Bearer ${sidecar.token}`));
    await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).expect(500);
    const log = sidecar.log.join('\n');
    expect(log).not.toContain(sidecar.token);
    expect(log).not.toContain(cookieValue(sidecar.token));
    expect(log).toContain('[redacted]');
    expect(sidecar.log.length).toBeGreaterThanOrEqual(5);
  });

  it('are masked in errors that quote them', async () => {
    const key = 'sk-very-secret-key';
    const sidecar = await startSidecar({ secrets: [key] });
    const spec = { ...SPEC, target: { url: `http://other.example/?key=${key}` } };
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(spec).expect(403);
    expect(answer.text).not.toContain(key);
    expect(answer.text).toContain('[redacted]');
  });

  it('keeps bodies, and so prompts, out of the log', async () => {
    const sidecar = await startSidecar();
    const spec = { ...SPEC, workload: { kind: 'prompt', prompt: 'tell me about whales' } };
    await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(spec).expect(201);
    expect(sidecar.log.join('\n')).toContain('"path":"/api/v1/sweeps"');
    expect(sidecar.log.join('\n')).not.toContain('whales');
  });
});
