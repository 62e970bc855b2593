/** `npm run bench -- panel`: how long the panel takes for its first picture and for each refresh, in Chromium. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { flagsOf } from '../flags.js';
import { launchBrowser, serveHostPage } from './host-page.js';
import { IN_PAGE, LOADS, type Load, type Timing } from './scene.js';

const flags = flagsOf({
  json: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
});

const BUDGET = { tickMs: 45, firstPaintMs: 400, moduleBytes: 150_000 };
const TICKS = 30;
const plugin = fileURLToPath(new URL('../../../plugin/', import.meta.url));

/** Lets the page say when something begins; gives the CPU milliseconds of its main thread between one such moment and the next. */
async function watchCpu(page: Page): Promise<() => number[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const readings: number[] = [];
  await page.exposeFunction('sweepCpu', async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    readings.push(metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  });
  return () => readings.slice(1).map((reading, i) => (reading - readings[i]!) * 1000);
}

async function measure(): Promise<{ load: Load; timing: Timing }[]> {
  const host = await serveHostPage();
  const browser = await launchBrowser();
  const rows: { load: Load; timing: Timing }[] = [];
  try {
    for (const load of LOADS) {
      const page = await browser.newPage({ viewport: { width: 1032, height: 452 } });
      await page.goto(`${host.address}/?scenario=empty&width=1000&height=420`);
      await page.waitForFunction('window.sweepTest !== undefined');
      const cpu = await watchCpu(page);
      const timing: Timing = await page.evaluate(`(${IN_PAGE})(${JSON.stringify({ ...load, ticks: TICKS })})`);
      const [first = NaN, ticks = NaN] = cpu();
      rows.push({ load, timing: { ...timing, firstCpu: first, cpu: ticks / TICKS } });
      await page.close();
    }
  } finally {
    await browser.close();
    host.close();
  }
  return rows;
}

const rows = await measure();
const bytes = readFileSync(join(plugin, 'dist/module.js')).length;
if (flags.json) console.log(JSON.stringify({ rows, bytes, budget: BUDGET }));
else {
  console.log('series × points, levels  first paint    its CPU  tick median   tick p95   tick CPU   canvas kept');
  for (const { load, timing } of rows) {
    const name = `2 × ${load.points}, ${load.levels}`.padEnd(24);
    const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(11);
    console.log(
      `${name} ${ms(timing.firstPaint)}${ms(timing.firstCpu)}  ${ms(timing.median)}${ms(timing.p95)}${ms(timing.cpu)}   ${timing.sameCanvas ? 'yes' : 'NO'}`,
    );
  }
  console.log(`module.js ${(bytes / 1000).toFixed(0)} kB (budget ${BUDGET.moduleBytes / 1000} kB)`);
  console.log(`budgets: first paint ${BUDGET.firstPaintMs} ms, tick median ${BUDGET.tickMs} ms`);
}
const over = rows.some(
  ({ timing }) => timing.median > BUDGET.tickMs || timing.firstPaint > BUDGET.firstPaintMs || !timing.sameCanvas,
);
if (flags.check && (over || bytes > BUDGET.moduleBytes)) process.exitCode = 1;
