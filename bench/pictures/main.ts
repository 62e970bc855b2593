/** `npm run pictures`: the published sweeps as the panel shows them, for docs/ and Grafana's catalogue. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { MatrixSeries } from 'sweepscope/dist/report/panel-series.js';
import { flagsOf } from '../flags.js';
import { launchBrowser, serveHostPage } from '../panel/host-page.js';
import { SEEDS, type SeedPlan } from '../seeds/plans.js';
import { squeeze } from './png.js';
import { publishedRun } from './published-run.js';
import { recordRun, type RecordedRun } from './record-run.js';
import { fileOf, SHOTS, WIDTH, type Shot } from './shots.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DOCS = join(ROOT, 'docs/img');
const CATALOGUE = join(ROOT, 'plugin/src/img');
const MOST_BYTES = 150_000;
/** Around the panel, CSS pixels. */
const MARGIN = 16;

const values = flagsOf({
  only: { type: 'string' },
  /** Folder of recorded runs: what is there is not simulated again. */
  runs: { type: 'string' },
});

function planOf(seed: string): SeedPlan {
  const plan = SEEDS.find(({ id }) => id === seed);
  if (plan === undefined) throw new Error(`there is no seed "${seed}"`);
  return plan;
}

/** The simulated run, from the folder of recorded ones where it is there. */
async function simulated(seed: string): Promise<Shown> {
  const kept = values.runs === undefined ? null : join(values.runs, `${seed}.json`);
  const known = kept !== null && existsSync(kept);
  const run = known ? (JSON.parse(readFileSync(kept, 'utf8')) as RecordedRun) : await recordRun(planOf(seed));
  if (kept !== null && !known) {
    mkdirSync(values.runs!, { recursive: true });
    writeFileSync(kept, JSON.stringify(run));
  }
  const { feed, from, to } = run;
  const margin = (to - from) * 0.01;
  const span = { from: from - margin, to: to + margin, step: feed.step };
  return { series: [...feed.live, ...feed.record], span };
}

async function published(seed: string): Promise<Shown> {
  const { series, from, to } = await publishedRun(planOf(seed));
  return { series, span: { from, to, step: 1 } };
}

async function take(browser: Browser, address: string, shot: Shot, { series, span }: Shown): Promise<Buffer> {
  const [width, height] = [WIDTH, shot.height];
  const viewport = { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  const page = await browser.newPage({ viewport, timezoneId: 'UTC', locale: 'en-US' });
  const options = JSON.stringify({ baseline: 'none' });
  const { view, theme } = shot;
  const size = { width: String(width), height: String(height) };
  const query = new URLSearchParams({ scenario: 'empty', view, theme, ...size, options });
  await page.goto(`${address}/?${query.toString()}`);
  await page.waitForFunction('window.sweepTest !== undefined');
  const answers = [{ refId: 'A', format: 'range', result: series }];
  await page.evaluate(`window.sweepTest.setAnswers(${JSON.stringify(answers)}, ${JSON.stringify(span)})`);
  await page.evaluate('document.fonts.ready');
  await page.evaluate('new Promise((done) => setTimeout(done, 300))');
  const picture = await page.screenshot();
  await page.close();
  return squeeze(picture);
}

interface Shown {
  series: readonly MatrixSeries[];
  /** Epoch seconds, and seconds between two samples. */
  span: { from: number; to: number; step: number };
}

function save(folder: string, name: string, picture: Buffer): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), picture);
}

const SOURCES = { simulated, published };
const shots = SHOTS.filter(({ seed }) => values.only === undefined || values.only.split(',').includes(seed));
const host = await serveHostPage();
const browser = await launchBrowser();
let tooLarge = false;
try {
  for (const seed of new Set(shots.map((shot) => shot.seed))) {
    for (const shot of shots.filter((one) => one.seed === seed)) {
      const name = fileOf(shot);
      const picture = await take(browser, host.address, shot, await SOURCES[shot.source](seed));
      save(DOCS, name, picture);
      if (shot.isInCatalogue) save(CATALOGUE, name, picture);
      const { size } = statSync(join(DOCS, name));
      tooLarge ||= size > MOST_BYTES;
      console.log(`docs/img/${name} ${(size / 1000).toFixed(0)} kB${size > MOST_BYTES ? ': too large' : ''}`);
    }
  }
} finally {
  await browser.close();
  host.close();
}
process.exit(tooLarge ? 1 : 0);
