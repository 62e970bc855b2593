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
  /** Answers so far; only those to one panel, where it is given. */
  answered = 0;
  readonly failed: string[] = [];

  constructor(page: Page, panelId?: string) {
    page.on('response', (response) => {
      if (!response.url().includes('/api/ds/query')) return;
      if (panelId === undefined || response.request().headers()['x-panel-id'] === panelId) this.answered += 1;
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
