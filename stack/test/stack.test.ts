import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SHIPPED_SCALE } from '../../provisioning/src/time-scale.js';
import { adminPassword } from '../src/admin-password.js';
import { findGrafana, findProgram } from '../src/binaries.js';
import { DEFAULT_PORTS, freePort, hostOf, needFree, portsOf } from '../src/ports.js';
import { Service } from '../src/service.js';
import { startAlertmanager, startGrafana, startSidecar, type StackPlace } from '../src/services.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folders: string[] = [];
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'sweepscope-stack-test-')));
  return folders.at(-1)!;
};
afterAll(() => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));

const place = async (over: Partial<StackPlace> = {}): Promise<StackPlace> => ({
  root: ROOT,
  folder: folder(),
  ports: { ...DEFAULT_PORTS, sweepscope: await freePort(), alertmanager: await freePort(), grafana: await freePort() },
  scale: SHIPPED_SCALE,
  path: process.env['PATH'] ?? '',
  extra: { servers: [], gpus: [], webhook: 'http://127.0.0.1:9/' },
  ...over,
});

const isAlive = (pid: number): boolean => spawnSync('kill', ['-0', String(pid)]).status === 0;

describe('the programs', () => {
  it('are found by any of their names', () => {
    const bin = folder();
    writeFileSync(join(bin, 'prometheus-alertmanager'), '');
    chmodSync(join(bin, 'prometheus-alertmanager'), 0o755);
    expect(findProgram('alertmanager', `/nowhere:${bin}`)).toBe(join(bin, 'prometheus-alertmanager'));
  });

  it('that are missing are named, with where to get them', () => {
    expect(() => findProgram('prometheus', '/nowhere')).toThrow(
      'prometheus is not on the PATH: apt-get install prometheus, or https://prometheus.io/download',
    );
    expect(() => findProgram('alertmanager', '/nowhere')).toThrow(
      'alertmanager or prometheus-alertmanager is not on the PATH',
    );
  });

  it('do not include a folder or a file that cannot be run', () => {
    const bin = folder();
    mkdirSync(join(bin, 'prometheus'));
    expect(() => findProgram('prometheus', bin)).toThrow('not on the PATH');
  });

  it('include Grafana only where GRAFANA_HOME has one', () => {
    expect(() => findGrafana('/nowhere')).toThrow('GRAFANA_HOME is /nowhere, and there is no bin/grafana in it');
  });
});

describe('the ports', () => {
  it('are the usual ones unless set', () => {
    expect(portsOf(['prometheus=19090'])).toEqual({ ...DEFAULT_PORTS, prometheus: 19_090 });
  });

  it.each(['prometheus', 'prometheus=x', 'nginx=80', 'grafana=70000'])('refuse "%s"', (setting) => {
    expect(() => portsOf([setting])).toThrow(`--port ${setting}: write name=number`);
  });

  it('that are taken are told before anything runs', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await expect(needFree('prometheus', port)).rejects.toThrow(
      `port ${port} (prometheus) is taken: end what listens there, or choose another with --port prometheus=`,
    );
    server.close();
  });
});

describe('the target', () => {
  it('is scraped where it listens', () => {
    expect(hostOf('http://my-vllm:8000/v1')).toBe('my-vllm:8000');
  });

  it.each(['my-vllm:8000', 'my-vllm', ''])('"%s" is refused, with how to write it', (target) => {
    expect(() => hostOf(target)).toThrow(`--target ${target}: write a URL, e.g. --target http://127.0.0.1:8000`);
  });
});

describe("the password of Grafana's admin", () => {
  it('is the same at the next start, whose database knows no other', () => {
    const here = folder();
    const first = adminPassword(here, undefined);
    expect(first).toHaveLength(12);
    expect(adminPassword(here, undefined)).toBe(first);
    expect(adminPassword(here, 'another')).toBe(first);
  });

  it('may be chosen at the first start', () => {
    expect(adminPassword(folder(), 'chosen')).toBe('chosen');
  });
});

describe('the command', () => {
  const stack = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, ['stack/dist/stack/src/main.js', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });

  beforeAll(() => {
    const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'stack/tsconfig.json'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([compiled.status, compiled.stdout]).toEqual([0, '']);
  }, 120_000);

  it('ends with one line where a program is missing, before anything runs', () => {
    const { status, stderr, stdout } = stack(['--once'], { PATH: '/nowhere' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: prometheus is not on the PATH: .+\n$/);
  });

  it('ends with one line where GRAFANA_HOME has no Grafana, before anything runs', () => {
    const { status, stderr, stdout } = stack(['--once'], { GRAFANA_HOME: '/nowhere' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: GRAFANA_HOME is \/nowhere, and there is no bin\/grafana in it: .+\n$/);
  });

  it.each([
    [['--port', 'prometheus=x'], /^error: --port prometheus=x: write name=number.+\n$/],
    [['--target', 'vllm'], /^error: --target vllm: write a URL.+\n$/],
    [['--colour'], /^error: Unknown option '--colour'.*\n$/],
  ])('refuses %j in one line', (args, message) => {
    const { status, stderr } = stack(args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('ends with one line where a port is taken, before anything runs', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const free = await Promise.all(
      ['sweepscope', 'simulator'].map(async (name) => `--port=${name}=${await freePort()}`),
    );
    const { status, stderr, stdout } = stack(['--once', ...free, '--port', `prometheus=${port}`]);
    server.close();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^error: port ${port} \\(prometheus\\) is taken: .+\\n$`));
  });
});

describe('a service', () => {
  it('that ends before it is ready shows the end of its log', async () => {
    const logs = folder();
    const starting = Service.start({
      name: 'broken',
      command: process.execPath,
      args: ['-e', "console.error('no such option: --colour'); process.exit(3)"],
      readyUrl: 'http://127.0.0.1:9/',
      logs,
    });
    await expect(starting).rejects.toThrow(/broken does not run: it ended with code 3[^]*no such option: --colour/);
  });

  it('that cannot be started at all says why', async () => {
    const starting = Service.start({
      name: 'x',
      command: '/nowhere/x',
      args: [],
      readyUrl: 'http://127.0.0.1:9/',
      logs: folder(),
    });
    await expect(starting).rejects.toThrow(/x does not run: spawn \/nowhere\/x ENOENT/);
  });

  it('that never becomes ready is ended', async () => {
    const logs = folder();
    const starting = Service.start({
      name: 'deaf',
      command: process.execPath,
      args: ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'],
      readyUrl: 'http://127.0.0.1:9/',
      readySeconds: 1,
      logs,
    });
    const message = await starting.then(String, String);
    expect(message).toContain('does not answer');
    const pid = Number(/^ {2}(\d+)$/m.exec(message)?.[1]);
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves nothing running when it is stopped', async () => {
    const running = await startAlertmanager(await place());
    expect(isAlive(running.pid!)).toBe(true);
    await running.stop();
    expect(isAlive(running.pid!)).toBe(false);
  });

  it('that dies by itself is told', async () => {
    const running = await startAlertmanager(await place());
    process.kill(running.pid!, 'SIGKILL');
    expect((await running.unexpectedEnd())?.message).toContain('alertmanager does not run: it ended with SIGKILL');
  });

  it('with a broken configuration shows what the program says of it', async () => {
    const bad = await place();
    bad.extra = { ...bad.extra, webhook: 'not a url' };
    await expect(startAlertmanager(bad)).rejects.toThrow(/alertmanager does not run[^]*unsupported scheme/);
  });

  it('with a spec that is wrong shows where', async () => {
    const here = await place();
    const spec = join(here.folder, 'spec.yaml');
    writeFileSync(spec, 'load: { levels: [7O] }\nworkload: { kind: prompt, prompt: x }\n');
    const starting = startSidecar(here, {
      spec,
      target: 'http://127.0.0.1:9',
      token: 'a-token-for-this-test',
      probeRate: 1,
    });
    await expect(starting).rejects.toThrow(/sweepscope does not run[^]*load\.levels/);
  });

  it('needs the panel to be built before Grafana can show it', async () => {
    const empty = await place({ root: folder() });
    expect(() => startGrafana(empty, '/nowhere', 'x')).toThrow('the panel is not built: run "npm run build" first');
  });
});
