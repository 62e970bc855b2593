/** @jest-environment node */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import AxeBuilder from 'axe-core';
import { HostPage, settle } from './open-page.js';

const PICTURES = join(__dirname, '../../test-pictures');
const SCENARIOS = [
  ...[
    'running',
    'level-ends',
    'beginning',
    'finished',
    'saturated',
    'kv-routing',
    'doubling',
    'aborted',
    'interrupted',
  ],
  ...[
    'with-baseline',
    'two-sidecars',
    'after-restart',
    '1h',
    '7d',
    'invalid',
    'foreign',
    'empty',
    'annotated',
    'broken',
    'error',
  ],
];
const WIDTHS = [360, 800, 1400];

let host: HostPage;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  host = await HostPage.start();
}, 60_000);
afterAll(() => host.close());

describe('every scenario', () => {
  it.each(SCENARIOS)(
    '%s is shown in all views, both themes and all widths, and is accessible',
    async (scenario) => {
      const { page, problems } = await host.open({ scenario, width: 1400 });
      await page.addScriptTag({ content: AxeBuilder.source });
      for (const view of ['timeline', 'curve', 'levels']) {
        await page.evaluate(`window.sweepTest.setView('${view}')`);
        for (const theme of ['dark', 'light']) {
          await page.evaluate(`window.sweepTest.setTheme('${theme}')`);
          for (const width of WIDTHS) {
            await page.evaluate(`window.sweepTest.setSize(${width}, 420)`);
            await settle(page);
            const clip = { x: 0, y: 0, width: width + 32, height: 452 };
            await page.screenshot({ path: join(PICTURES, `${scenario}-${view}-${theme}-${width}.png`), clip });
          }
          expect({ view, theme, violations: await violations(page) }).toEqual({ view, theme, violations: [] });
        }
      }
      expect(problems).toEqual([]);
      await page.close();
    },
    120_000,
  );
});

/** Rules of whole pages do not hold for one panel. */
async function violations(page: Awaited<ReturnType<HostPage['open']>>['page']): Promise<string[]> {
  return page.evaluate(`axe.run(document.querySelector('[data-panel]')).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')))`);
}
