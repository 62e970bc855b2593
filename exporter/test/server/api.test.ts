import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { DEFAULT_CEILINGS } from '../../src/server/ceilings.js';
import { REPORT_FORMATS } from '../../src/server/sweep-service.js';
import { levelResult } from './memory-service.js';
import { SPEC, startSidecar, type Sidecar } from './sidecar.js';
import { levelEvent } from '../support/level-event.js';

/** Starts a sweep and answers its run id. */
async function startedSweep(sidecar: Sidecar): Promise<string> {
  const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(SPEC).expect(201);
  return (answer.body as { runId: string }).runId;
}

function expectError(body: unknown, code: string): void {
  const { error } = body as { error: { code: string; message: string; hint: string } };
  expect(error.code).toBe(code);
  expect(error.message.length).toBeGreaterThan(5);
  expect(error.hint.length).toBeGreaterThan(5);
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\n\s+at /);
}

describe('sweeps over the API', () => {
  it('starts a sweep from a spec and tells where to follow it', async () => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(SPEC).expect(201);
    const { runId, links } = answer.body as { runId: string; links: Record<string, string> };
    expect(answer.headers.location).toBe(`/api/v1/sweeps/${runId}`);
    expect(links).toEqual({
      self: `/api/v1/sweeps/${runId}`,
      events: `/api/v1/sweeps/${runId}/events`,
      report: `/api/v1/sweeps/${runId}/report`,
      stop: `/api/v1/sweeps/${runId}/stop`,
    });
    expect(sidecar.service.origins).toEqual([{ via: 'sweeps-api', client: '127.0.0.1' }]);
  });

  it('starts the configured spec when the request has no body', async () => {
    const sidecar = await startSidecar({}, { defaultSpec: SPEC });
    await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).expect(201);
  });

  it('answers 503 to a start without body when no spec is configured', async () => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).expect(503);
    expectError(answer.body, 'unavailable');
  });

  it('lists runs newest first, never to be stored by a cache', async () => {
    const sidecar = await startSidecar();
    const first = await startedSweep(sidecar);
    await sidecar.service.stopSweep(first);
    const second = await startedSweep(sidecar);
    const answer = await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).expect(200);
    const { runs } = answer.body as { runs: { id: string; state: string }[] };
    expect(runs.map(({ id, state }) => [id, state])).toEqual([
      [second, 'running'],
      [first, 'aborted'],
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('shows a run without a result while it runs and with it afterwards', async () => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    const during = await request(sidecar.url).get(`/api/v1/sweeps/${id}`).set(sidecar.bearer).expect(200);
    expect(during.body).toMatchObject({ id, state: 'running', result: null });
    sidecar.service.emit(id, levelEvent(levelResult(0, 1)));
    sidecar.service.emit(id, { type: 'end', state: 'completed', reason: '', runDir: '' });
    const after = await request(sidecar.url).get('/api/v1/sweeps/current').set(sidecar.bearer).expect(200);
    expect(after.body).toMatchObject({ id, state: 'completed', result: { levels: [{ load: 1 }] } });
  });

  it('stops a run once; a second stop is 409', async () => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    const stop = (): request.Test => request(sidecar.url).post(`/api/v1/sweeps/${id}/stop`).set(sidecar.bearer);
    expect((await stop().expect(202)).body).toEqual({ runId: id, status: 'stopping' });
    expectError((await stop().expect(409)).body, 'not_running');
  });

  it('answers 409 to a second sweep while one runs and names the one that runs', async () => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(SPEC).expect(409);
    expectError(answer.body, 'busy');
    expect(JSON.stringify(answer.body)).toContain(id);
  });
});

describe('reports', () => {
  it.each([
    ['md', 'text/markdown', '# demo'],
    ['json', 'application/json', '"schema":1'],
    ['csv', 'text/csv', 'concurrency,'],
    ['seed-json', 'application/json', '"ttft_p50_ms"'],
  ])('come as %s', async (format, type, part) => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    sidecar.service.emit(id, levelEvent(levelResult(0, 1)));
    const path = `/api/v1/sweeps/${id}/report?format=${format}`;
    const answer = await request(sidecar.url).get(path).set(sidecar.bearer).expect(200);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.text).toContain(part);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('are Markdown when no format is named', async () => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    sidecar.service.emit(id, levelEvent(levelResult(0, 1)));
    const answer = await request(sidecar.url).get(`/api/v1/sweeps/${id}/report`).set(sidecar.bearer).expect(200);
    expect(answer.headers['content-type']).toContain('text/markdown');
  });

  it('of an unknown format are 400 and list the known ones', async () => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    const answer = await request(sidecar.url)
      .get(`/api/v1/sweeps/${id}/report?format=pdf`)
      .set(sidecar.bearer)
      .expect(400);
    expectError(answer.body, 'bad_request');
    for (const format of REPORT_FORMATS) expect(JSON.stringify(answer.body)).toContain(format);
  });

  it('are 409 before a level was measured', async () => {
    const sidecar = await startSidecar();
    const id = await startedSweep(sidecar);
    const answer = await request(sidecar.url).get(`/api/v1/sweeps/${id}/report`).set(sidecar.bearer).expect(409);
    expectError(answer.body, 'not_ready');
  });
});

describe('load by hand', () => {
  it('starts, changes and stops as a run of one level', async () => {
    const sidecar = await startSidecar();
    const set = (users: number): request.Test =>
      request(sidecar.url).patch('/api/v1/load').set(sidecar.bearer).send({ users });
    const started = (await set(4).expect(200)).body as { status: string; runId: string };
    expect(started).toMatchObject({ status: 'started', users: 4 });
    expect((await set(8).expect(200)).body).toMatchObject({ status: 'changed', runId: started.runId, users: 8 });
    expect((await set(0).expect(200)).body).toMatchObject({ status: 'stopped', runId: started.runId });
  });

  it('is 409 when asked to end while none runs', async () => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url).patch('/api/v1/load').set(sidecar.bearer).send({ users: 0 }).expect(409);
    expectError(answer.body, 'not_running');
  });

  it('is 409 while a sweep runs', async () => {
    const sidecar = await startSidecar();
    await startedSweep(sidecar);
    const answer = await request(sidecar.url).patch('/api/v1/load').set(sidecar.bearer).send({ users: 4 }).expect(409);
    expectError(answer.body, 'busy');
  });

  it('is 422 over the ceiling and nothing is started', async () => {
    const sidecar = await startSidecar({ ceilings: { ...DEFAULT_CEILINGS, maxUsers: 10 } });
    const answer = await request(sidecar.url).patch('/api/v1/load').set(sidecar.bearer).send({ users: 11 }).expect(422);
    expectError(answer.body, 'over_ceilings');
    expect(await sidecar.service.listRuns()).toEqual([]);
  });

  it.each([[{ users: -1 }], [{ users: 1.5 }], [{ users: '4' }], [{}], [{ users: 1, more: 2 }]])(
    'refuses the body %j with its place',
    async (body) => {
      const sidecar = await startSidecar();
      const answer = await request(sidecar.url).patch('/api/v1/load').set(sidecar.bearer).send(body).expect(400);
      expectError(answer.body, 'bad_request');
      expect((answer.body as { error: { problems: unknown[] } }).error.problems.length).toBe(1);
    },
  );
});

describe('bad input', () => {
  it('tells every problem of a spec with path and hint: 400', async () => {
    const sidecar = await startSidecar();
    const spec = { target: {}, load: { levels: [1, 2, '7O'] } };
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(spec).expect(400);
    expectError(answer.body, 'invalid_spec');
    expect((answer.body as { error: { problems: unknown[] } }).error.problems).toEqual([
      { path: 'target.url', message: 'must be a URL', hint: null },
      { path: 'load.levels[2]', message: 'must be a positive integer, got "7O"', hint: 'write 70' },
    ]);
  });

  it('answers 403 to a target that is not on the allow-list', async () => {
    const sidecar = await startSidecar();
    const spec = { ...SPEC, target: { url: 'http://169.254.169.254/latest' } };
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(spec).expect(403);
    expectError(answer.body, 'target_not_allowed');
  });

  it('answers 422 to a spec over the ceilings and says which', async () => {
    const sidecar = await startSidecar({ ceilings: { ...DEFAULT_CEILINGS, maxUsers: 3 } });
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(SPEC).expect(422);
    expectError(answer.body, 'over_ceilings');
    expect(JSON.stringify(answer.body)).toContain("4 users are more than this sidecar's 3");
  });

  it('answers 400 to malformed JSON', async () => {
    const sidecar = await startSidecar();
    const post = request(sidecar.url)
      .post('/api/v1/sweeps')
      .set(sidecar.bearer)
      .set('Content-Type', 'application/json');
    expectError((await post.send('{"name": ').expect(400)).body, 'bad_request');
  });

  it.each([['text/yaml'], ['application/x-www-form-urlencoded'], ['text/plain']])(
    'answers 415 to a body of type %s',
    async (type) => {
      const sidecar = await startSidecar();
      const post = request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).set('Content-Type', type);
      expectError((await post.send('name=x').expect(415)).body, 'unsupported_media_type');
    },
  );

  it('answers 415 to a compressed body', async () => {
    const sidecar = await startSidecar();
    const post = request(sidecar.url)
      .post('/api/v1/sweeps')
      .set(sidecar.bearer)
      .set('Content-Type', 'application/json');
    expectError((await post.set('Content-Encoding', 'gzip').send('x').expect(415)).body, 'unsupported_media_type');
  });

  it('answers 413 to a body over the limit', async () => {
    const sidecar = await startSidecar({ limits: { maxBodyBytes: 1000 } });
    const spec = { ...SPEC, name: 'x'.repeat(1000) };
    const answer = await request(sidecar.url).post('/api/v1/sweeps').set(sidecar.bearer).send(spec).expect(413);
    expectError(answer.body, 'body_too_large');
  });

  it.each([
    '/api/v1/sweeps/nope',
    '/api/v1/sweeps/nope/report',
    '/api/v1/sweeps/..%2F..%2Fetc',
    '/api/v1/sweeps/current',
  ])('answers 404 to the unknown run of %s', async (path) => {
    const sidecar = await startSidecar();
    expectError((await request(sidecar.url).get(path).set(sidecar.bearer).expect(404)).body, 'unknown_run');
  });

  it('answers 404 in JSON to paths that it does not serve', async () => {
    const sidecar = await startSidecar();
    expectError((await request(sidecar.url).get('/wp-admin').expect(404)).body, 'not_found');
    expectError((await request(sidecar.url).get('/api/v2').set(sidecar.bearer).expect(404)).body, 'not_found');
  });

  it.each([
    ['delete', '/api/v1/sweeps', 'GET, POST'],
    ['post', '/api/v1/load', 'PATCH'],
    ['get', '/api/workload/start', 'POST'],
    ['options', '/api/v1/sweeps', 'GET, POST'],
  ] as const)('answers 405 to %s %s and tells what is allowed', async (method, path, allowed) => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url)[method](path).set(sidecar.bearer).expect(405);
    expectError(answer.body, 'method_not_allowed');
    expect(answer.headers.allow).toBe(allowed);
  });

  it('answers 400 to a path that cannot be decoded', async () => {
    const sidecar = await startSidecar();
    expectError(
      (await request(sidecar.url).get('/api/v1/sweeps/%E0%A4%A').set(sidecar.bearer).expect(400)).body,
      'bad_request',
    );
  });

  it('answers 500 without details when the service fails, and logs them under the id of the answer', async () => {
    const sidecar = await startSidecar();
    sidecar.service.listRuns = () => Promise.reject(new Error('disk on fire at /secret/place'));
    const answer = await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).expect(500);
    expectError(answer.body, 'internal');
    expect(JSON.stringify(answer.body)).not.toContain('/secret/place');
    const line = sidecar.log.find((entry) => entry.includes('disk on fire'));
    expect(line).toContain(answer.headers['x-request-id']);
  });

  it('allows no page of another site to read answers', async () => {
    const sidecar = await startSidecar();
    const answer = await request(sidecar.url).get('/api/v1/sweeps').set(sidecar.bearer).expect(200);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('the compatible workload API', () => {
  it('starts with the defaults, changes in part and stops', async () => {
    const sidecar = await startSidecar();
    const post = (verb: string): request.Test => request(sidecar.url).post(`/api/workload/${verb}`).set(sidecar.bearer);
    expect((await post('start').send({}).expect(200)).body).toEqual({
      status: 'started',
      config: { totalRPS: 10, mix: { a: 1 }, maxConcurrency: 35 },
    });
    expect((await post('config').send({ maxConcurrency: 50 }).expect(200)).body).toEqual({
      status: 'updated',
      config: { totalRPS: 10, mix: { a: 1 }, maxConcurrency: 50 },
    });
    expect((await post('stop').expect(200)).body).toEqual({ status: 'stopped' });
  });

  it('answers 409 to a start while running and to config or stop while not', async () => {
    const sidecar = await startSidecar();
    const post = (verb: string): request.Test => request(sidecar.url).post(`/api/workload/${verb}`).set(sidecar.bearer);
    expectError((await post('stop').expect(409)).body, 'not_running');
    expectError((await post('config').send({ totalRPS: 5 }).expect(409)).body, 'not_running');
    await post('start').send({}).expect(200);
    expectError((await post('start').send({}).expect(409)).body, 'busy');
  });

  it.each([
    [{ totalRPS: 0 }, 'totalRPS'],
    [{ totalRPS: -1 }, 'totalRPS'],
    [{ totalRPS: '10' }, 'totalRPS'],
    [{ maxConcurrency: 2.5 }, 'maxConcurrency'],
    [{ maxConcurrency: 0 }, 'maxConcurrency'],
    [{ mix: { a: -1 } }, 'mix.a'],
    [{ mix: { a: 0 } }, 'mix'],
    [{ mix: { a: 1, d: 1 } }, 'mix'],
    [{ rps: 10 }, ''],
  ])('refuses %j with its place', async (body, path) => {
    const sidecar = await startSidecar();
    const start = request(sidecar.url).post('/api/workload/start').set(sidecar.bearer);
    const answer = await start.send(body).expect(400);
    expectError(answer.body, 'bad_request');
    const { problems } = (answer.body as { error: { problems: { path: string }[] } }).error;
    expect(problems.map((problem) => problem.path)).toEqual([path]);
  });

  it('answers 422 to more users than the ceiling', async () => {
    const sidecar = await startSidecar({ ceilings: { ...DEFAULT_CEILINGS, maxUsers: 10 } });
    const start = request(sidecar.url).post('/api/workload/start').set(sidecar.bearer);
    expectError((await start.send({}).expect(422)).body, 'over_ceilings');
  });

  it('tells the status in the shape of the original, unseen figures as null', async () => {
    const sidecar = await startSidecar();
    const status = async (): Promise<unknown> =>
      (await request(sidecar.url).get('/api/status').set(sidecar.bearer).expect(200)).body;
    const corpus = { chatPassages: 10, summarizationDocs: 0, reasoningPrompts: 0 };
    expect(await status()).toEqual({ running: false, config: null, uptimeMs: 0, corpus, metrics: null });
    await request(sidecar.url).post('/api/workload/start').set(sidecar.bearer).expect(200);
    const running = (await status()) as { metrics: Record<string, unknown> };
    expect(running.metrics).toMatchObject({ windowSec: 60, ttft: { mean: null, p50: null, p95: null } });
  });
});
