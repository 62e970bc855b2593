import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliProcess, shortSpec, simulator, temporaryFolder } from '../support/cli.js';

const TOKEN = 'a-token-for-this-test-only';

describe('sweepscope serve', () => {
  const folder = temporaryFolder();
  let server: { url: string; stop(): Promise<void> };
  let sidecar: CliProcess;
  let base = '';

  const call = (method: string, path: string, body?: unknown, token: string | null = TOKEN): Promise<Response> =>
    fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const runNow = async (runId: string): Promise<{ state: string; result: { plan: { levels: number[] } } }> =>
    (await (await call('GET', `/api/v1/sweeps/${runId}`)).json()) as Awaited<ReturnType<typeof runNow>>;
  const metrics = async (): Promise<string> => (await fetch(`${base}/metrics`)).text();
  const metric = async (pattern: RegExp): Promise<number> => Number(pattern.exec(await metrics())?.[1]);
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const start = async (): Promise<CliProcess> => {
    const args = ['serve', '--config', shortSpec(folder, server.url), '--listen', '0', '--max-users', '50'];
    const command = new CliProcess(args, { SWEEPSCOPE_TOKEN: TOKEN });
    const [, url] = await command.says(/metrics +(\S+)\/metrics/);
    base = url!;
    return command;
  };

  beforeAll(async () => {
    server = await simulator();
    sidecar = await start();
  }, 60_000);

  afterAll(async () => {
    sidecar.kill('SIGTERM');
    await sidecar.end();
    await server.stop();
  }, 60_000);

  it('is idle, with metrics that say so', async () => {
    expect(await metrics()).toMatch(/loadgen_phase\{run="",phase="idle"\} 1/);
    expect(await metric(/^loadgen_ttft_all_seconds\{quantile="0.5"\} (\S+)$/m)).toBeNaN();
  });

  it('needs the token for control and for run data', async () => {
    expect((await call('POST', '/api/v1/sweeps', {}, null)).status).toBe(401);
    expect((await call('GET', '/api/v1/sweeps', undefined, 'wrong-token')).status).toBe(401);
  });

  it('refuses targets that are not on its list', async () => {
    const spec = {
      target: { url: 'http://127.0.0.1:1' },
      workload: { kind: 'prompt', prompt: 'x' },
      load: { levels: [1] },
    };
    expect((await call('POST', '/api/v1/sweeps', spec)).status).toBe(403);
  });

  it('refuses more users than its ceiling, whatever asks for them', async () => {
    const spec = {
      target: { url: server.url },
      workload: { kind: 'synthetic', inputTokens: 8, outputTokens: 8 },
      load: { levels: [51] },
    };
    expect((await call('POST', '/api/v1/sweeps', spec)).status).toBe(422);
    expect((await call('PATCH', '/api/v1/load', { users: 51 })).status).toBe(422);
  });

  it('lets no request name secrets or files of this machine', async () => {
    const spec = {
      target: { url: server.url, apiKeyEnv: 'HOME' },
      workload: { kind: 'dataset', path: '/etc/passwd', outputTokens: 8 },
      load: { levels: [1] },
    };
    const answer = await call('POST', '/api/v1/sweeps', spec);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { problems: { path: string }[] } };
    expect(error.problems.map(({ path }) => path).sort()).toEqual(['target.apiKeyEnv', 'workload.path']);
  });

  it('tells where a spec is wrong', async () => {
    const spec = { target: { url: server.url }, workload: { kind: 'prompt', prompt: 'x' }, load: { levels: ['7O'] } };
    const answer = await call('POST', '/api/v1/sweeps', spec);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain('load.levels[0]');
  });

  it('runs a load by hand, changes it while it runs, and keeps it as a run', async () => {
    const started = await call('PATCH', '/api/v1/load', { users: 3 });
    expect(started.status).toBeLessThan(300);
    const { runId } = (await started.json()) as { runId: string };
    await until(async () => (await metric(/^loadgen_inflight_requests\{[^}]*\} (\S+)$/m)) === 3);
    await call('PATCH', '/api/v1/load', { users: 5 });
    await until(async () => (await metric(/^loadgen_inflight_requests\{[^}]*\} (\S+)$/m)) === 5);
    expect(await metric(/^loadgen_level\{[^}]*\} (\S+)$/m)).toBe(5);
    await call('PATCH', '/api/v1/load', { users: 0 });
    await until(async () => (await runNow(runId)).state === 'completed');
    expect((await runNow(runId)).result.plan.levels).toEqual([3, 5]);
    expect((await call('PATCH', '/api/v1/load', { users: 0 })).status).toBe(409);
  }, 60_000);

  it('speaks the workload API of the original generator', async () => {
    const config = { totalRPS: 5, mix: { a: 1 }, maxConcurrency: 2 };
    const started = await call('POST', '/api/workload/start', config);
    expect(await started.json()).toEqual({ status: 'started', config });
    expect((await call('POST', '/api/workload/start', config)).status).toBe(409);
    await until(async () => {
      const status = (await (await call('GET', '/api/status')).json()) as { metrics: { requestCount: number } | null };
      return (status.metrics?.requestCount ?? 0) >= 5;
    });
    const status = (await (await call('GET', '/api/status')).json()) as {
      running: boolean;
      metrics: { ttft: { p50: number }; windowSec: number };
    };
    expect(status.running).toBe(true);
    expect(status.metrics.ttft.p50).toBeGreaterThan(10);
    expect(status.metrics.windowSec).toBe(60);
    expect((await call('POST', '/api/workload/config', { totalRPS: 50, maxConcurrency: 4 })).status).toBe(200);
    await until(async () => (await metric(/^loadgen_inflight_requests\{[^}]*\} (\S+)$/m)) === 4);
    expect(await (await call('POST', '/api/workload/stop')).json()).toEqual({ status: 'stopped' });
    await until(async () => !((await (await call('GET', '/api/status')).json()) as { running: boolean }).running);
    expect((await call('POST', '/api/workload/stop')).status).toBe(409);
  }, 60_000);

  it('runs its sweep on request, one at a time, and still shows it after a restart', async () => {
    const started = await call('POST', '/api/v1/sweeps', {});
    expect(started.status).toBeLessThan(300);
    const { runId } = (await started.json()) as { runId: string };
    expect((await call('POST', '/api/v1/sweeps', {})).status).toBe(409);
    expect((await call('PATCH', '/api/v1/load', { users: 2 })).status).toBe(409);
    const events = await call('GET', `/api/v1/sweeps/${runId}/events`);
    const text = await events.text(); // ends with the run
    expect(text).toMatch(/"type":"start"/);
    expect(text.match(/"type":"window"/g)).toHaveLength(3);
    expect(text).toMatch(/"type":"end","state":"completed"/);
    const report = await call('GET', `/api/v1/sweeps/${runId}/report?format=md`);
    expect(await report.text()).toMatch(/^# Benchmark Sweep: short/);

    const before = await metrics();
    sidecar.kill('SIGTERM');
    expect(await sidecar.end()).toBe(0);
    sidecar = await start();
    const after = await metrics();
    const lines = (exposition: string): string[] =>
      exposition
        .split('\n')
        .filter((line) => line.includes(`run="${runId}"`) && /^loadgen_(result|window|run|slo_seconds)/.test(line));
    expect(lines(before).length).toBeGreaterThan(50);
    expect(lines(after)).toEqual(lines(before));
  }, 90_000);

  it('stops a sweep on request and keeps it as aborted', async () => {
    const { runId } = (await (await call('POST', '/api/v1/sweeps', {})).json()) as { runId: string };
    await until(async () => (await metrics()).includes('phase="warmup"} 1'));
    expect((await call('POST', `/api/v1/sweeps/${runId}/stop`)).status).toBeLessThan(300);
    await until(async () => (await runNow(runId)).state === 'aborted');
    expect((await call('POST', `/api/v1/sweeps/${runId}/stop`)).status).toBe(409);
  }, 60_000);
});
