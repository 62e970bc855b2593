import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLUGIN = join(__dirname, '../..');
/** `host`: folder of the built host page. */
const filesOf = (host: string): Record<string, [path: string, type: string]> => ({
  '/module.js': [join(PLUGIN, 'dist/module.js'), 'text/javascript'],
  '/host.js': [join(host, 'host.js'), 'text/javascript'],
  '/host.css': [join(host, 'host.css'), 'text/css'],
});
const PAGE =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title><link rel="icon" href="data:,"><link rel="stylesheet" href="host.css"></head><body><div id="root"></div><script src="host.js"></script><script src="module.js"></script></body></html>';

export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

/** Where the system's Chromium is; tests need it, and the panel to be built. */
export function chromiumPath(): string {
  const path = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (candidate) => candidate !== undefined && existsSync(candidate),
  );
  if (path === undefined)
    throw new Error('no Chromium found: install the package chromium, or set CHROMIUM to its path');
  return path;
}

/** A server for the built files, and a browser; close both with `close`. */
export class HostPage {
  private constructor(
    private readonly server: Server,
    readonly browser: Browser,
    readonly address: string,
  ) {}

  /** `folder`: of the built page; left out: the one with the Grafana that the panel is compiled for. */
  static async start(folder = join(PLUGIN, 'host/dist')): Promise<HostPage> {
    const files = filesOf(folder);
    const server = createServer((request, response) => {
      const file = files[(request.url ?? '').split('?')[0]!];
      if (file === undefined) return void response.setHeader('content-type', 'text/html').end(PAGE);
      readFile(file[0]).then(
        (body) => response.setHeader('content-type', file[1]).end(body),
        () => response.writeHead(404).end(`${file[0]} is not built: run npm run build -w plugin`),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: chromiumPath(), headless: true, args: FLAGS });
    return new HostPage(server, browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** A page with one scenario, drawn; anything that the page logs or throws is collected in `problems`. */
  async open(
    query: Record<string, string | number>,
    settings: { reducedMotion?: 'reduce' } = {},
  ): Promise<{ page: Page; problems: string[] }> {
    const width = Number(query.width ?? 1000) + 32;
    const height = Number(query.height ?? 480) + 32;
    const page = await this.browser.newPage({
      viewport: { width, height },
      timezoneId: 'UTC',
      locale: 'en-US',
      ...settings,
    });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    await page.goto(`${this.address}/?${text.toString()}`);
    await page.waitForFunction('window.sweepTest !== undefined');
    await settle(page);
    return { page, problems };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Waits for two frames: React and uPlot have drawn. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))',
  );
}
