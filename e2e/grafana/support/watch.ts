import type { Page } from '@playwright/test';

/** What a page complained of. */
export class Complaints {
  readonly list: string[] = [];

  constructor(page: Page) {
    page.on('pageerror', (error) => this.list.push(`threw ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.list.push(`${message.text()} (${message.location().url})`);
    });
  }
}

interface QueryAnswer {
  results: Record<string, { status?: number; error?: string }>;
}

/** Queries that a page asked of Grafana's data sources. */
export class Queries {
  /** Questions so far; only those of one panel, where it is given. */
  asked = 0;
  readonly failed: string[] = [];

  constructor(page: Page, panelId?: string) {
    page.on('request', (request) => {
      if (!request.url().includes('/api/ds/query')) return;
      if (panelId === undefined || request.headers()['x-panel-id'] === panelId) this.asked += 1;
    });
    page.on('response', (response) => {
      if (!response.url().includes('/api/ds/query')) return;
      void response.json().then(
        (body: QueryAnswer) => {
          for (const [refId, { error }] of Object.entries(body.results)) {
            if (error !== undefined) this.failed.push(`${refId}: ${error}`);
          }
        },
        () => undefined, // the page went on before the answer was read
      );
    });
  }
}
