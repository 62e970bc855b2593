import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const plugin = fileURLToPath(new URL('../../../plugin/', import.meta.url));
const FILES: Record<string, string> = {
  '/host.js': 'host/dist/host.js',
  '/host.css': 'host/dist/host.css',
  '/module.js': 'dist/module.js',
};
const PAGE =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="host.css"><div id="root"></div><script src="host.js"></script><script src="module.js"></script>';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
  '--force-color-profile=srgb',
];

/** Serves the host page with the built panel, on a free port of this machine. */
export async function serveHostPage(): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const file = FILES[(request.url ?? '').split('?')[0]!];
    if (file === undefined) return void response.setHeader('content-type', 'text/html').end(PAGE);
    response.setHeader('content-type', file.endsWith('css') ? 'text/css' : 'text/javascript');
    response.end(readFileSync(join(plugin, file)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

/** The system's Chromium, without a window. @throws Error when there is none */
export function launchBrowser(): Promise<Browser> {
  const path = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (candidate) => candidate !== undefined && existsSync(candidate),
  );
  if (path === undefined)
    throw new Error('no Chromium found: install the package chromium, or set CHROMIUM to its path');
  // A zone as people have it: of UTC, a server's own, Chromium and Grafana use different names, and uPlot then converts
  // each time of the axis through text, which takes 2 ms a tick.
  const env = { ...process.env, TZ: 'Europe/Berlin' } as Record<string, string>;
  return chromium.launch({ executablePath: path, headless: true, args: FLAGS, env });
}
