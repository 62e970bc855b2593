/** @jest-environment node */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { X_AXIS_PX, Y_AXIS_PX } from '../../src/draw/geometry.js';
import { HostPage } from './open-page.js';

let host: HostPage;
beforeAll(async () => {
  host = await HostPage.start();
}, 60_000);
afterAll(() => host.close());

type Rgba = [number, number, number, number];

/** Pixels of a rectangle of the canvas, in CSS pixels from its corner; bands are below everything in it. */
function pixels(page: Page, left: number, top: number, width: number, height: number): Promise<Rgba[]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(${left}, ${top}, ${width}, ${height});
    return Array.from({ length: data.length / 4 }, (_, i) => Array.from(data.slice(4 * i, 4 * i + 4)));
  })()`);
}

const canvasHeight = (page: Page): Promise<number> => page.evaluate('document.querySelector("canvas").clientHeight');

/** Sum of channels by how much they rule: 'r', 'g' or 'b'. */
function hue([r, g, b]: Rgba): string {
  if (r > g * 1.9 && r > b * 1.2) return 'red';
  if (g >= r && g >= b) return 'green';
  return b > r ? 'blue' : 'orange';
}

/** Seconds from the left edge to CSS pixels; the scene `finished` shows 90 s before its start and 60 s after its end. */
const xOf = (seconds: number, width = 1000): number =>
  Math.round(Y_AXIS_PX + ((90 + seconds) / (8 * 360 + 150)) * (width - Y_AXIS_PX - 14));

describe.each(['dark', 'light'])('the timeline in %s', (theme) => {
  it('fills the band of a clean level green and that of a saturated one red', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline', theme });
    const y = (await canvasHeight(page)) - X_AXIS_PX - 14;
    const clean = (await pixels(page, xOf(200), y, 1, 1))[0]!;
    const saturated = (await pixels(page, xOf(6 * 360 + 200), y, 1, 1))[0]!;
    expect([hue(clean), hue(saturated)]).toEqual(['green', 'red']);
    expect(clean[3]).toBeLessThan(80);
    await page.close();
  });

  it('hatches warm-up, and only warm-up', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline', theme });
    const y = (await canvasHeight(page)) - X_AXIS_PX - 24;
    const alphas = async (seconds: number): Promise<number> => {
      const strip = await pixels(page, xOf(seconds), y, 12, 1);
      return Math.max(...strip.map(([, , , alpha]) => alpha)) - Math.min(...strip.map(([, , , alpha]) => alpha));
    };
    expect(await alphas(12)).toBeGreaterThan(40);
    expect(await alphas(200)).toBeLessThan(10);
    await page.close();
  });

  it('begins a band on the pixel of its start, and neighbours share their edge', async () => {
    const { page } = await host.open({
      scenario: 'finished',
      view: 'timeline',
      theme,
      options: JSON.stringify({ showWarmup: false }),
    });
    const y = (await canvasHeight(page)) - X_AXIS_PX - 14;
    const row = await pixels(page, Y_AXIS_PX, y, 900, 1);
    const first = row.findIndex(([, , , alpha]) => alpha > 20) + Y_AXIS_PX;
    expect(Math.abs(first - xOf(0))).toBeLessThanOrEqual(1);
    const inside = row.slice(first - Y_AXIS_PX, first - Y_AXIS_PX + 600);
    expect(inside.every(([, , , alpha]) => alpha > 15)).toBe(true);
    await page.close();
  });

  it('draws the SLO line dashed and red across the whole plot', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'timeline', theme });
    const height = (await canvasHeight(page)) - X_AXIS_PX;
    const column = await pixels(page, Y_AXIS_PX + 3, 0, 1, height);
    const rows = column.flatMap((pixel, y) => (hue(pixel) === 'red' && pixel[3] > 200 ? [y] : []));
    expect(rows.length).toBeGreaterThanOrEqual(4);
    const line = await pixels(page, Y_AXIS_PX, rows[0]!, 700, 1);
    const painted = line.filter((pixel) => hue(pixel) === 'red' && pixel[3] > 200).length / line.length;
    expect(painted).toBeGreaterThan(0.5);
    expect(painted).toBeLessThan(0.75);
    await page.close();
  });
});

describe('annotations', () => {
  it('stand in their own colours at their times, regions between their edges', async () => {
    const { page } = await host.open({ scenario: 'annotated', view: 'timeline', theme: 'dark' });
    const height = (await canvasHeight(page)) - X_AXIS_PX;
    const share = async (seconds: number, is: (pixel: Rgba) => boolean): Promise<number> => {
      const strip = await pixels(page, xOf(seconds) - 1, 40, 3, height - 80);
      return strip.filter(is).length / strip.length;
    };
    const isPoint = ([r, g, b, a]: Rgba): boolean => r > 150 && g < 100 && b > 150 && a > 150;
    const isEdge = ([r, g, b, a]: Rgba): boolean => r < 100 && g > 150 && b > 150 && a > 150;
    expect(await share(500, isPoint)).toBeGreaterThan(0.15);
    expect(await share(560, isPoint)).toBe(0);
    expect(await share(1500, isEdge)).toBeGreaterThan(0.15);
    expect(await share(1800, isEdge)).toBeGreaterThan(0.15);
    expect(await share(1650, isEdge)).toBeLessThan(0.05);
    await page.close();
  });
});

describe('the curve', () => {
  it('has its zones’ edges half-way between levels', async () => {
    const { page } = await host.open({ scenario: 'finished', view: 'curve' });
    const y = (await canvasHeight(page)) - X_AXIS_PX - 4;
    const plot = 1000 - Y_AXIS_PX - 14;
    const edge = Math.round(Y_AXIS_PX + (6 / 8) * plot);
    const [before] = await pixels(page, edge - 6, y, 1, 1);
    const [after] = await pixels(page, edge + 6, y, 1, 1);
    expect([hue(before!), hue(after!)]).toEqual(['orange', 'red']);
    await page.close();
  });
});
