import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../../src/clock/real-clock.js';
import type { TlsMaterial } from '../../src/target/http-config.js';
import { preflight } from '../../src/target/preflight.js';
import type { Exchange } from '../../src/target/types.js';
import { ask, httpTarget, targetConfig } from './asking.js';
import { delta, ScriptedServer } from './scripted-server.js';

let folder: string;
const file = (name: string): Buffer => readFileSync(join(folder, name));
const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

/** A key and a certificate for `name`, signed by the test's own authority. */
function certify(name: string, extension: string): void {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
  );
  writeFileSync(join(folder, `${name}.ext`), extension);
  const sign = ['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  openssl(...sign, '-out', `${name}.crt`, '-days', '2', '-extfile', `${name}.ext`);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepscope-tls-'));
  const ca = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.crt'];
  openssl(...ca, '-days', '2', '-subj', '/CN=Test Authority');
  certify('server', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
  certify('elsewhere', 'subjectAltName=DNS:elsewhere.example');
  certify('client', 'extendedKeyUsage=clientAuth');
});
afterAll(() => rmSync(folder, { recursive: true }));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(options: ServerOptions, name = 'server'): Promise<string> {
  const server: Server = createServer(
    { key: file(`${name}.key`), cert: file(`${name}.crt`), ...options },
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const data of [delta({ content: 'a' }), delta({}, 'stop')])
        response.write(`data: ${JSON.stringify(data)}\n\n`);
      response.end('data: [DONE]\n\n');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function askOver(url: string, tls: Partial<TlsMaterial>, warm = false): Promise<Exchange> {
  const target = httpTarget(url, { tls: { ca: null, cert: null, key: null, ...tls } });
  open.push(target);
  const channel = target.channel();
  if (warm) await channel.warm();
  return (await ask(channel)).exchange;
}

describe('TLS', () => {
  it('trusts the configured authority', async () => {
    expect((await askOver(await serve({}), { ca: file('ca.crt') })).outcome).toBe('ok');
  });

  it('takes certificates that were cloned to another thread', async () => {
    const ca = structuredClone(new Uint8Array(file('ca.crt')));
    expect((await askOver(await serve({}), { ca })).outcome).toBe('ok');
  });

  it('uses a warm connection', async () => {
    expect((await askOver(await serve({}), { ca: file('ca.crt') }, true)).outcome).toBe('ok');
  });

  it('refuses an unknown authority', async () => {
    const exchange = await askOver(await serve({}), {});
    expect(exchange.outcome).toBe('tls');
    expect(exchange.detail).toMatch(/certificate/);
  });

  it('refuses a certificate of another host', async () => {
    const exchange = await askOver(await serve({}, 'elsewhere'), { ca: file('ca.crt') });
    expect(exchange.outcome).toBe('tls');
    expect(exchange.detail).toContain("does not match certificate's altnames");
  });

  it('fails as tls against a server that speaks none', async () => {
    const server = await ScriptedServer.start(
      () => undefined,
      (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    open.push(server);
    expect((await askOver(`https://127.0.0.1:${server.port}`, {})).outcome).toBe('tls');
  });

  it('shows its own certificate where the server asks for one', async () => {
    const url = await serve({ requestCert: true, rejectUnauthorized: true, ca: file('ca.crt') });
    const own = { cert: file('client.crt'), key: file('client.key') };
    expect((await askOver(url, { ca: file('ca.crt'), ...own })).outcome).toBe('ok');
  });

  it('fails as tls where the server wants a certificate and gets none', async () => {
    const url = await serve({ requestCert: true, rejectUnauthorized: true, ca: file('ca.crt'), maxVersion: 'TLSv1.2' });
    expect((await askOver(url, { ca: file('ca.crt') })).outcome).toBe('tls');
  });

  it('points to the client certificate where a TLS 1.3 server hangs up for want of one', async () => {
    const url = await serve({ requestCert: true, rejectUnauthorized: true, ca: file('ca.crt'), minVersion: 'TLSv1.3' });
    const config = targetConfig(url, { tls: { ca: file('ca.crt'), cert: null, key: null } });
    await expect(preflight(config, new RealClock())).rejects.toThrow(/target\.tls\.cert and key/);
  });

  it('is what a preflight names, with what to do', async () => {
    const checked = preflight(targetConfig(await serve({})), new RealClock());
    await expect(checked).rejects.toMatchObject({ name: 'TargetError', kind: 'tls' });
    await expect(checked).rejects.toThrow(/target\.tls\.ca/);
  });
});
