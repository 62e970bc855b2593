/** @jest-environment node */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HostPage, settle } from './open-page.js';

const PLUGIN = join(__dirname, '../..');
const folderOf = (grafana: string): string => join(PLUGIN, '../grafana', grafana);
const SCENARIOS = ['running', 'saturated', 'with-baseline', 'foreign', 'empty', 'broken'];
const VIEWS = ['timeline', 'curve', 'levels'];

/** Builds the host page with the packages of that Grafana. */
function build(grafana: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(PLUGIN, 'scripts/build.mjs'), 'host', grafana], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

const packageOf = (grafana: string): { devDependencies: Record<string, string> } =>
  JSON.parse(readFileSync(join(folderOf(grafana), 'package.json'), 'utf8')) as ReturnType<typeof packageOf>;

describe.each([
  ['12.4', '12.4.10', '18'],
  ['13.2', '13.2.2', '19'],
])('the built module.js with the packages of Grafana %s', (grafana, version, react) => {
  let host: HostPage;
  beforeAll(async () => {
    build(grafana);
    host = await HostPage.start(join(folderOf(grafana), 'dist'));
  }, 120_000);
  afterAll(() => host.close());

  it(`runs against ${version} and React ${react}`, async () => {
    const { page } = await host.open({ scenario: 'finished' });
    expect(await page.evaluate('window.sweepTest.react')).toMatch(new RegExp(`^${react}\\.`));
    expect(packageOf(grafana).devDependencies).toMatchObject({ '@grafana/ui': version, '@grafana/data': version });
    await page.close();
  });

  it.each(SCENARIOS)('shows %s in all views and says nothing on the console', async (scenario) => {
    const { page, problems } = await host.open({ scenario });
    for (const view of VIEWS) {
      await page.evaluate(`window.sweepTest.setView('${view}')`);
      await settle(page);
      const shown = page.locator('canvas, table:visible, [role=status]').first();
      expect(await shown.count()).toBe(1);
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  it('keeps canvas and pinned tooltip while data arrive', async () => {
    const { page, problems } = await host.open({ scenario: 'level-ends', view: 'timeline' });
    await page.evaluate('window.first = document.querySelector("canvas")');
    const box = (await page.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width / 5, box.y + box.height / 2);
    await page.mouse.click(box.x + box.width / 5, box.y + box.height / 2);
    for (let i = 0; i < 5; i++) {
      await page.evaluate('window.sweepTest.tick()');
      await settle(page);
    }
    expect(await page.evaluate('document.querySelector("canvas") === window.first')).toBe(true);
    expect(await page.locator('[data-sweep-tooltip=pinned]').innerText()).toContain('Level 50');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('zooms by dragging and by keyboard', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    const box = (await page.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + 0.25 * box.width, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 50, { steps: 5 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Zoom to level 110: saturated' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('window.sweepTest.zooms.length')).toBe(2);
    await page.close();
  });
});
