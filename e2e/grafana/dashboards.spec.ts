import { expect, test } from '@grafana/plugin-e2e';
import { PICTURES } from './support/environment.js';
import { dashboards } from './support/shipped.js';
import { Complaints, Queries } from './support/watch.js';

/** Pixels of a row of Grafana's grid, with its gap, and of what is above the panels. */
const ROW_PX = 38;
const TOP_PX = 260;

/** Panels that may say so, with the reason. */
const MAY_BE_EMPTY: Record<string, string> = {};

for (const { file, uid, title, panels, rows } of dashboards()) {
  test(`"${title}" shows every panel, with data and without an error`, async ({ page, gotoDashboardPage }) => {
    test.setTimeout(240_000);
    // Tall enough that all panels are in sight: Grafana asks only for those.
    await page.setViewportSize({ width: 1600, height: rows * ROW_PX + TOP_PX });
    const complaints = new Complaints(page);
    const queries = new Queries(page);
    const queryParams = new URLSearchParams({ from: 'now-10m', to: 'now', refresh: '5m' });
    const dashboard = await gotoDashboardPage({ uid, queryParams });
    await dashboard.waitForPanelsQueriesToComplete({ timeout: 60_000 });
    for (const panel of panels)
      await expect(dashboard.getPanelByTitle(panel).locator.first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByLabel('Panel loading bar')).toHaveCount(0, { timeout: 60_000 });
    await page.waitForTimeout(1000);
    await page.screenshot({ path: `${PICTURES}/${file}.png` });
    const empty: string[] = [];
    for (const panel of panels) {
      if ((await dashboard.getPanelByTitle(panel).locator.getByText('No data', { exact: true }).count()) > 0)
        empty.push(panel);
    }
    expect(empty.filter((panel) => MAY_BE_EMPTY[panel] === undefined)).toEqual([]);
    await expect(dashboard).not.toHavePanelErrors();
    expect(queries.failed).toEqual([]);
    expect(complaints.list).toEqual([]);
  });
}
