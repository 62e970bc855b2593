import type { ServerResponse } from 'node:http';
import { DIALECT_PAGES, type Dialect, type MetricsPage } from '../metrics/dialects.js';
import { alone, type MetricsView } from '../metrics/view.js';
import { sendJson } from './api-error.js';

/** Where the pages' figures come from; asked at each scrape. */
export interface MetricsPages {
  dialect: Dialect;
  view(): MetricsView;
  /** The GPUs' page; null where there are none. */
  dcgm(): string | null;
}

const WORKER_PAGE = /^\/workers\/(\d+)(\/.*)$/;

/**
 * Answers the dialect's own paths; the same below `/workers/N`, where each worker is shown as a server by itself; and
 * `/dcgm/metrics`. False when the path is none of these.
 */
export function sendMetrics(response: ServerResponse, path: string, pages: MetricsPages): boolean {
  if (path === '/dcgm/metrics') return sendDcgm(response, pages.dcgm());
  const [, worker, below] = WORKER_PAGE.exec(path) ?? [];
  const page = pageAt(pages.dialect, below ?? path);
  if (page === undefined) return false;
  const view = pages.view();
  if (worker === undefined) return send(response, page.contentType, page.render(view));
  const chosen = view.workers[Number(worker)];
  if (chosen === undefined) return false;
  return send(response, page.contentType, page.render(alone(view, chosen)));
}

function pageAt(dialect: Dialect, path: string): MetricsPage | undefined {
  const { pages } = DIALECT_PAGES[dialect];
  return Object.hasOwn(pages, path) ? pages[path] : undefined;
}

function sendDcgm(response: ServerResponse, text: string | null): true {
  if (text !== null) return send(response, 'text/plain; version=0.0.4; charset=utf-8', text);
  sendJson(response, 404, { detail: 'this profile or mode has no physics, hence no GPU metrics' });
  return true;
}

function send(response: ServerResponse, contentType: string, text: string): true {
  response.setHeader('content-type', contentType);
  response.end(text);
  return true;
}
