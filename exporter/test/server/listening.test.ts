import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ListenError } from '../../src/server/listen.js';
import { startSidecar } from './sidecar.js';

describe('listening', () => {
  it('takes a free port for 0 and tells its addresses', async () => {
    const sidecar = await startSidecar();
    expect(sidecar.url).toBe(`http://127.0.0.1:${sidecar.port}`);
    expect(sidecar.metricsUrl).toBe(`${sidecar.url}/metrics`);
    expect(sidecar.pageUrl).toBe(`${sidecar.url}/?token=${sidecar.token}`);
  });

  it('says which port is in use and what to do', async () => {
    const sidecar = await startSidecar();
    const attempt = sidecar.server.listen('127.0.0.1', sidecar.port);
    await expect(attempt).rejects.toThrow(ListenError);
    await expect(attempt).rejects.toMatchObject({ code: 'EADDRINUSE', port: sidecar.port });
    await expect(attempt).rejects.toThrow(/cannot listen on 127\.0\.0\.1:\d+: the port is in use: .*another port/);
  });

  it('says when the address is not one of this machine', async () => {
    const sidecar = await startSidecar();
    await expect(sidecar.server.listen('192.0.2.1', 0)).rejects.toThrow(/this machine has no such address/);
  });

  it('leaves nothing open when the metrics listener cannot listen', async () => {
    const holder = createHttpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const attempt = startSidecar({ metricsListen: { host: '127.0.0.1', port } }).finally(() => holder.close());
    await expect(attempt).rejects.toThrow(ListenError);
  });

  it('closes with idle connections open, and may be closed twice', async () => {
    const sidecar = await startSidecar();
    await (await fetch(`${sidecar.url}/healthz`)).text();
    await sidecar.close();
    await sidecar.close();
    await expect(fetch(`${sidecar.url}/healthz`)).rejects.toThrow();
  });

  it('lets an answer under way finish', async () => {
    const sidecar = await startSidecar();
    let entered = (): void => undefined;
    const inside = new Promise<void>((resolve) => (entered = resolve));
    let release = (): void => undefined;
    sidecar.service.listRuns = async () => {
      entered();
      await new Promise<void>((resolve) => (release = resolve));
      return [];
    };
    const answer = fetch(`${sidecar.url}/api/v1/sweeps`, { headers: sidecar.bearer });
    await inside;
    const closed = sidecar.close();
    release();
    expect(await (await answer).json()).toEqual({ runs: [] });
    await closed;
  });
});
