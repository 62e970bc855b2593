import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { cli, shortSpec, simulator, temporaryFolder } from '../support/cli.js';

describe('what can go wrong before a sweep', () => {
  const folder = temporaryFolder();
  let server: { url: string; stop(): Promise<void> };
  beforeAll(async () => {
    server = await simulator();
  }, 30_000);
  afterAll(() => server.stop());

  const run = (...args: string[]): ReturnType<typeof cli> =>
    cli(['run', shortSpec(folder, server.url), '--listen', '0', ...args]);
  const noTrace = /\n +at /;

  it('tells every problem of a spec with path and line, and exits with 1', async () => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(
      path,
      "target: { url: 'http://127.0.0.1:1' }\nworkload: { kind: synthetic }\nload:\n  levels: [1, 2, '7O']\n  warmpu: 3s\n",
    );
    const bad = await cli(['run', path, '--listen', '0']);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/load\.levels\[2\]: must be a positive integer, got "7O"/);
    expect(bad.stderr).toMatch(/:5: load\.warmpu: is not a key of the spec\s+did you mean warmup\?/);
    expect(bad.stderr).not.toMatch(noTrace);
  });

  it('exits with 1 for a spec that is not there', async () => {
    const missing = await cli(['run', join(folder, 'none.yaml')]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/there is no such file/)]);
  });

  it('exits with 2 when the target is down', async () => {
    const down = await run('--target', 'http://127.0.0.1:9');
    expect(down.code).toBe(2);
    expect(down.stderr).toMatch(/can't be reached/);
    expect(down.stderr).not.toMatch(noTrace);
  });

  it('names the models that are served when the wanted one is not', async () => {
    const wrong = await run('--model', 'x');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/answered 404 for model "x"; it serves: Qwen/);
  });

  it('refuses prompts that the model cannot hold', async () => {
    const long = await run('--set', 'workload.inputTokens=40000');
    expect(long.code).toBe(1);
    expect(long.stderr).toMatch(/max_model_len.*40000 prompt.*shorten workload\.inputTokens/);
  });

  it('says so when the output folder cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const unwritable = await run('--out', join(file, 'runs'));
    expect(unwritable.code).toBe(1);
    expect(unwritable.stderr).toMatch(/cannot create it.*output\.dir/);
  });

  it('says so when the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const busy = await cli(['run', shortSpec(folder, server.url), '--listen', `127.0.0.1:${port}`]);
    taken.close();
    expect(busy.code).toBe(1);
    expect(busy.stderr).toMatch(/in use[\s\S]*--listen/);
  });

  it('refuses to require a level that the sweep does not have', async () => {
    const odd = await run('--require-level', '3');
    expect([odd.code, odd.stderr]).toEqual([1, expect.stringMatching(/the sweep has no such level[\s\S]*1, 2, 4/)]);
  });

  it('refuses an unreadable dataset', async () => {
    const path = join(folder, 'dataset.yaml');
    writeFileSync(
      path,
      `target: { url: '${server.url}' }\nworkload: { kind: dataset, path: ${folder}/none.json }\nload: { levels: [1] }\n`,
    );
    const unreadable = await cli(['run', path, '--listen', '0']);
    expect(unreadable.code).toBe(1);
    expect(unreadable.stderr).toMatch(/none\.json.*workload\.path/);
  });

  describe('with a server that is no inference server', () => {
    let odd: Server;
    let answer: (path: string) => { status: number; type: string; body: string };
    let url = '';
    beforeAll(async () => {
      odd = createServer((request, response) => {
        const { status, type, body } = answer(request.url ?? '');
        response.writeHead(status, { 'content-type': type }).end(body);
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => odd.once('listening', resolve));
      url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      odd.close();
    });

    it('exits with 2 when it answers HTML', async () => {
      answer = () => ({ status: 200, type: 'text/html', body: '<html>hello</html>' });
      const html = await run('--target', url, '--model', 'x');
      expect([html.code, html.stderr]).toEqual([2, expect.stringMatching(/answered no JSON.*OpenAI-compatible/)]);
    });

    it('exits with 2 and speaks of the key when it answers 401', async () => {
      answer = () => ({ status: 401, type: 'application/json', body: '{"error":{"message":"Unauthorized"}}' });
      const denied = await run('--target', url, '--model', 'x');
      expect([denied.code, denied.stderr]).toEqual([2, expect.stringMatching(/401[\s\S]*apiKeyEnv/)]);
    });

    it('exits with 2 when it does not stream', async () => {
      const body = '{"choices":[{"message":{"content":"hi"}}],"usage":{"completion_tokens":1}}';
      answer = (path) =>
        path.includes('models')
          ? { status: 404, type: 'application/json', body: '{}' }
          : { status: 200, type: 'application/json', body };
      const whole = await run('--target', url, '--model', 'x');
      expect([whole.code, whole.stderr]).toEqual([2, expect.stringMatching(/stream/)]);
    });
  });

  it('prints the plan of a dry run and sends nothing', async () => {
    const dry = await run('--dry-run', '--target', 'http://127.0.0.1:9');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/levels? × 1 repetition/);
    expect(dry.stdout).toMatch(/total/);
  });

  it('checks server and machine with doctor', async () => {
    const checked = await cli(['doctor', shortSpec(folder, server.url)]);
    expect(checked.code).toBe(0);
    expect(checked.stdout).toMatch(/ok +target/);
    expect(checked.stdout).toMatch(/ok +usage/);
  });

  it('finds no run by a wrong name, and tells which there are', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    const none = await cli(['report', 'nonsense', '--out', join(folder, 'empty')]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/neither the folder nor the id of a run/)]);
  });
});

describe('exit code 99', () => {
  it('comes when the required level misses its SLO, with the numbers that say so', async () => {
    const folder = temporaryFolder();
    const server = await simulator();
    const spec = shortSpec(folder, server.url);
    const missed = await cli([
      'run',
      spec,
      '--listen',
      '0',
      '--levels',
      '2',
      '--set',
      'slo.ttft.p95=1ms',
      '--require-level',
      '2',
    ]);
    await server.stop();
    expect(missed.code).toBe(99);
    expect(missed.stdout).toMatch(
      /level 2 does not hold: ttft_p95: 0\.0 % of the requests meet it, 95\.0 % are needed/,
    );
  }, 60_000);
});
