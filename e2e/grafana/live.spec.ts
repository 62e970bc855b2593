import { expect, test } from '@grafana/plugin-e2e';
import type { Locator } from '@playwright/test';
import { SweepClient } from '../../stack/src/sweep-client.js';
import { ADMIN, PICTURES, SIDECAR } from './support/environment.js';
import { Complaints, Queries } from './support/watch.js';

/** Id of the panel `Sweep`: the dashboard's first. */
const SWEEP_PANEL = '1';

/** Puts a mark on the drawing that a new one would not have. */
const MARK = "document.querySelector('.uplot canvas').dataset.marked = 'yes'";
const MARKED = "document.querySelector('.uplot canvas').dataset.marked === 'yes'";

async function leftEdge(item: Locator): Promise<number> {
  return (await item.boundingBox())?.x ?? NaN;
}

test('the panel follows a sweep while it runs', async ({ page, gotoDashboardPage }) => {
  test.skip(SIDECAR === null, 'needs SWEEPSCOPE_URL and SWEEPSCOPE_TOKEN of the sidecar to start a sweep');
  test.setTimeout(300_000);
  const { url, token } = SIDECAR!;
  const complaints = new Complaints(page);
  const queries = new Queries(page, SWEEP_PANEL);
  const sweeps = new SweepClient(url, token);
  const runId = await sweeps.start();
  const queryParams = new URLSearchParams({ refresh: '1s', from: 'now-3m', to: 'now', 'var-run': runId });
  const dashboard = await gotoDashboardPage({ uid: 'sweepscope-live', queryParams });
  const panel = dashboard.getPanelByTitle('Sweep');
  const bands = panel.locator.getByRole('list', { name: 'Levels' }).getByRole('listitem');

  await test.step('the first level becomes a band', async () => {
    await expect.poll(() => bands.count(), { timeout: 90_000 }).toBeGreaterThanOrEqual(1);
  });
  await test.step('a refresh of one second refreshes every second, in the same drawing', async () => {
    await page.evaluate(MARK);
    const [asked, at] = [queries.asked, await leftEdge(bands.first())];
    await page.waitForTimeout(10_000);
    expect(queries.asked - asked).toBeGreaterThanOrEqual(5); // ten, where the browser keeps up
    expect(await page.evaluate(MARKED)).toBe(true);
    expect(await leftEdge(bands.first())).toBeLessThan(at - 10);
  });
  await test.step('each further level becomes a band', async () => {
    await expect(bands).toHaveCount(3, { timeout: 120_000 });
    await page.waitForTimeout(8000);
    await page.screenshot({ path: `${PICTURES}/live.png` });
  });
  await test.step('the run ends, and its verdicts are shown', async () => {
    const { state } = await sweeps.ended(runId);
    expect(state).toBe('completed');
    await expect(panel.locator).toContainText(/clean|degrading|saturated|invalid/, { timeout: 30_000 });
  });
  await test.step('Grafana has a region for each window and for the run', async () => {
    const tags = `tags=sweepscope&tags=run:${runId}`;
    const regions = async (): Promise<string[][]> => {
      const answer = await page.request.get(`/api/annotations?${tags}`, { headers: { authorization: ADMIN } });
      return ((await answer.json()) as { tags: string[] }[]).map((region) => region.tags);
    };
    await expect.poll(async () => (await regions()).length).toBe(4);
    const windows = (await regions()).filter((found) => found.some((tag) => tag.startsWith('window:')));
    expect(windows.filter((found) => found.some((tag) => tag.startsWith('verdict:')))).toHaveLength(3);
  });
  await expect(dashboard).not.toHavePanelErrors();
  expect(queries.failed).toEqual([]);
  expect(complaints.list).toEqual([]);
});

test('the link to a refresh of every second leads there', async ({ page, gotoDashboardPage }) => {
  await gotoDashboardPage({ uid: 'sweepscope-live' });
  const link = page.getByRole('link', { name: 'Refresh every second' });
  const menu = page.getByRole('button', { name: 'Dashboard controls menu' });
  await expect(link.or(menu).first()).toBeVisible({ timeout: 60_000 });
  if (!(await link.isVisible())) await menu.click(); // where the line is too short for it
  await expect(link).toHaveAttribute('href', /refresh=1s/);
});

test('the results show the newest run unless told otherwise', async ({ page, gotoDashboardPage }) => {
  test.skip(SIDECAR === null, 'needs SWEEPSCOPE_URL and SWEEPSCOPE_TOKEN of the sidecar to know its runs');
  const { url, token } = SIDECAR!;
  const answer = await fetch(`${url}/api/v1/sweeps`, { headers: { authorization: `Bearer ${token}` } });
  const { runs } = (await answer.json()) as { runs: { id: string }[] };
  const newest = runs
    .map(({ id }) => id)
    .toSorted()
    .at(-1)!;
  await gotoDashboardPage({ uid: 'sweepscope-results' });
  await expect(page.getByText(newest).first()).toBeVisible({ timeout: 60_000 });
});
