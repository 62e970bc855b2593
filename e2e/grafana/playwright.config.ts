import { defineConfig } from '@playwright/test';
import { chromiumPath, GRAFANA_URL, ROOT } from './support/environment.js';

/** One browser and one test at a time: the specs look at one sweep, the first of them starts it. */
export default defineConfig({
  testDir: '.',
  outputDir: `${ROOT}test-pictures/grafana-failures`,
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: GRAFANA_URL,
    viewport: { width: 1600, height: 1000 },
    locale: 'en-US',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromiumPath(),
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    },
  },
  projects: [
    { name: 'provisioned', testMatch: /provisioned\.spec\.ts/ },
    { name: 'live', testMatch: /live\.spec\.ts/ },
    { name: 'dashboards', testMatch: /dashboards\.spec\.ts/ },
  ],
});
