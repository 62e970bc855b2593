/** @jest-environment node */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { plotBox } from '../../src/draw/geometry.js';
import { HostPage, settle } from './open-page.js';

let host: HostPage;
beforeAll(async () => {
  host = await HostPage.start();
}, 60_000);
afterAll(() => host.close());

const tick = async (page: Page): Promise<void> => {
  await page.evaluate('window.sweepTest.tick()');
  await settle(page);
};
const zooms = (page: Page): Promise<{ from: number; to: number }[]> => page.evaluate('window.sweepTest.zooms');
const tooltip = (page: Page, kind: 'hover' | 'pinned') => page.locator(`[data-sweep-tooltip=${kind}]`);

/** A place in the plot, by shares of its width and height. */
async function at(page: Page, x: number, y = 0.5): Promise<{ x: number; y: number }> {
  const box = (await page.locator('.u-over').boundingBox())!;
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

describe('the canvas', () => {
  it.each(['timeline', 'curve'])(
    'of the %s is never made anew by a refresh, a level that ends, or its results',
    async (view) => {
      const { page, problems } = await host.open({ scenario: 'level-ends', view });
      await page.evaluate('window.first = document.querySelector("canvas")');
      for (let i = 0; i < 8; i++) await tick(page);
      expect(await page.evaluate('document.querySelector("canvas") === window.first')).toBe(true);
      const labels = await page.locator('[aria-label="Levels"] button, [aria-label="Zones"] li').allTextContents();
      expect(labels).toHaveLength(view === 'timeline' ? 4 : 2);
      expect(problems).toEqual([]);
      await page.close();
    },
  );

  it('follows a new size and time range', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline', width: 800 });
    await page.evaluate('window.sweepTest.setSize(600, 400)');
    await settle(page);
    const box = await page.locator('.u-over').boundingBox();
    expect(box!.width).toBeCloseTo(plotBox(600, 400).width, 0);
    await page.close();
  });
});

describe('the tooltip', () => {
  it('tells level, phase, verdict, cause, values and their distance to the SLO', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    const place = await at(page, 0.8);
    await page.mouse.move(place.x, place.y);
    const text = (await tooltip(page, 'hover').innerText()).replace(/\s+/g, ' ');
    expect(text).toContain('Level 110 · measured · saturated');
    expect(text).toContain('cause: queue');
    expect(text).toMatch(/TTFT p95 [\d.]+ s ✕ ×[\d.]+ SLO/);
    await page.close();
  });

  it('stays where it was pinned when data arrive, and closes by Escape', async () => {
    const { page } = await host.open({ scenario: 'running', view: 'timeline' });
    const place = await at(page, 0.3);
    await page.mouse.move(place.x, place.y);
    await page.mouse.click(place.x, place.y);
    const title = await tooltip(page, 'pinned').getAttribute('aria-label');
    await tick(page);
    await tick(page);
    expect(await tooltip(page, 'pinned').getAttribute('aria-label')).toBe(title);
    await page.keyboard.press('Escape');
    expect(await tooltip(page, 'pinned').count()).toBe(0);
    await page.close();
  });

  it('on the curve compares the level with the baseline', async () => {
    const { page } = await host.open({ scenario: 'with-baseline', view: 'curve' });
    const place = await at(page, 2.5 / 12);
    await page.mouse.move(place.x, place.y);
    const text = (await tooltip(page, 'hover').innerText()).replace(/\s+/g, ' ');
    expect(text).toContain('Level 70 saturated');
    expect(text).toContain('TTFT p50 6.52 s');
    expect(text).toContain('×31.6 vs baseline');
    await page.close();
  });
});

describe('zooming', () => {
  it('by dragging asks for the time that was dragged over', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    const [from, to] = [await at(page, 0.25), await at(page, 0.5)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    const [zoom] = await zooms(page);
    const whole = 8 * 360 + 150;
    expect((zoom!.to - zoom!.from) / 1000).toBeCloseTo(whole / 4, -1.3);
    await page.close();
  });

  it('by a level’s label shows that level', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    await page.getByRole('button', { name: 'Zoom to level 110: saturated' }).click();
    const [zoom] = await zooms(page);
    const start = Date.UTC(2026, 1, 24, 14, 13, 49) + 6 * 360_000;
    expect(zoom!.from).toBeLessThan(start);
    expect(zoom!.from).toBeGreaterThan(start - 60_000);
    expect(zoom!.to).toBeGreaterThan(start + 360_000);
    await page.close();
  });

  it('by a double click shows twice the time', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    const place = await at(page, 0.5);
    await page.mouse.dblclick(place.x, place.y);
    const [zoom] = await zooms(page);
    expect((zoom!.to - zoom!.from) / 1000).toBeCloseTo(2 * (8 * 360 + 150), 0);
    await page.close();
  });
});

describe('the keyboard', () => {
  it('moves along the chart, pins and unpins', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    await page.locator('.uplot').focus();
    await page.keyboard.down('ArrowRight');
    await tooltip(page, 'hover').waitFor();
    await page.keyboard.up('ArrowRight');
    expect(await tooltip(page, 'hover').innerText()).toContain('Level');
    await page.keyboard.press('Enter');
    expect(await tooltip(page, 'pinned').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await tooltip(page, 'pinned').count()).toBe(0);
    await page.close();
  });

  it('reaches every level’s label and every line of the legend', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    const names: string[] = [];
    for (let i = 0; i < 13; i++) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent'),
      );
    }
    expect(names.slice(0, 2)).toEqual(['Zoom to level 50: clean', 'Zoom to level 60: clean']);
    expect(names.slice(-4)).toEqual(['TTFT p50', 'TTFT p95', 'TPOT p50', 'TPOT p95']);
    await page.close();
  });

  it('switches a line off and on', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline' });
    const button = page.getByRole('button', { name: 'TTFT p95' });
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await page.close();
  });
});

describe('what a dashboard’s author adds', () => {
  it('links of a series stand in its pinned tooltip, each once', async () => {
    const { page } = await host.open({ scenario: 'annotated', view: 'timeline' });
    const place = await at(page, 0.3);
    await page.mouse.move(place.x, place.y);
    expect(await tooltip(page, 'hover').getByRole('link').count()).toBe(0);
    await page.mouse.click(place.x, place.y);
    const links = tooltip(page, 'pinned').getByRole('link', { name: 'Logs of the server' });
    expect(await links.count()).toBe(1);
    expect(await links.getAttribute('href')).toBe('https://example.org/logs');
    await page.close();
  });
});

describe('queries that fail', () => {
  it('are told with their message where there is nothing to draw', async () => {
    const { page } = await host.open({ scenario: 'error', view: 'timeline' });
    const notice = await page.getByRole('status').innerText();
    expect(notice).toContain('The queries failed');
    expect(notice).toContain('A: bad_data: 1:12: parse error');
    await page.close();
  });

  it('leave the last picture where there was one', async () => {
    const { page } = await host.open({ scenario: 'error-later', view: 'timeline' });
    await page.evaluate('window.first = document.querySelector("canvas")');
    await tick(page);
    expect(await page.evaluate('document.querySelector("canvas") === window.first')).toBe(true);
    expect(await page.getByText('Meets the SLO up to 70').count()).toBeGreaterThan(0);
    await page.close();
  });
});

describe('where motion is unwanted', () => {
  it('nothing moves: not the chart, nor the tooltip, nor the legend', async () => {
    const { page } = await host.open({ scenario: 'running', view: 'timeline' }, { reducedMotion: 'reduce' });
    const place = await at(page, 0.3);
    await page.mouse.click(place.x, place.y);
    await page.evaluate('window.sweepTest.tick()');
    await tooltip(page, 'pinned').waitFor();
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    const moving = `[...document.querySelectorAll('[data-panel] *, [data-sweep-tooltip] *')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return animationName !== 'none' || transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
    }).map(({ className }) => String(className))`;
    expect(await page.evaluate(moving)).toEqual([]);
    await page.close();
  });
});
