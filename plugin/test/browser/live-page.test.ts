/** @jest-environment node */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath, FLAGS } from './open-page.js';

const CLI = join(__dirname, '../../../exporter/bin/sweepscope.js');
const out = mkdtempSync(join(tmpdir(), 'sweepscope-live-'));
let demo: ChildProcess;
let browser: Browser;
let page: Page;
let address: string;
const problems: string[] = [];

/** Starts simulator, sidecar and the quick sweep, and gives the live page's link. */
function startDemo(): Promise<string> {
  demo = spawn(process.execPath, [CLI, 'demo', '--listen', '127.0.0.1:0', '--out', out], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const link = /http:\/\/\S+\/\?token=\S+/.exec(text)?.[0];
      if (link !== undefined) resolve(link);
    };
    demo.stdout!.on('data', read);
    demo.stderr!.on('data', read);
    demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${text}`)));
  });
}

beforeAll(async () => {
  address = await startDemo();
  browser = await chromium.launch({ executablePath: chromiumPath(), headless: true, args: FLAGS });
  page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(address);
}, 60_000);

afterAll(async () => {
  await browser.close();
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
  rmSync(out, { recursive: true, force: true });
}, 60_000);

async function levelOnMetrics(): Promise<string> {
  const text = await (await fetch(new URL('/metrics', address))).text();
  return /^loadgen_level\{[^}]*\} (\S+)/m.exec(text)?.[1] ?? '';
}

describe('the page of a sidecar whose sweep runs', () => {
  it('loads under its own content security policy and takes the token out of the address', async () => {
    await page.getByRole('heading', { name: 'Sweepscope' }).waitFor();
    expect(page.url()).not.toContain('token');
    expect(problems).toEqual([]);
  }, 30_000);

  it('lists the levels of the plan, and marks the one that runs', async () => {
    const current = page.getByRole('list', { name: 'Planned levels' }).locator('[aria-current=step]');
    await current.waitFor();
    expect(await current.textContent()).toBe('1');
  }, 30_000);

  it('follows a level within 2 s of the exporter’s change to it', async () => {
    while ((await levelOnMetrics()) !== '2') await page.waitForTimeout(50);
    const changed = performance.now();
    await page.getByRole('button', { name: 'Zoom to level 2: now' }).waitFor({ state: 'attached', timeout: 20_000 });
    expect((performance.now() - changed) / 1000).toBeLessThan(2);
  }, 90_000);

  it('has the first level’s figures in its table', async () => {
    const row = page.getByRole('region', { name: 'Levels', exact: true }).getByRole('row').nth(1);
    expect(await row.textContent()).toMatch(/^1✓ clean.*ms/);
    expect(problems).toEqual([]);
  });

  it('stops the sweep', async () => {
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('aborted').first().waitFor();
  }, 60_000);
});
