import { Router, type RequestHandler } from 'express';
import { ApiError, methodNotAllowed } from './api-error.js';
import type { ScrapeLog } from './scrapes.js';

/** Whether the sidecar can take work; the reason says what it waits for. */
export type Readiness = { ready: true } | { ready: false; reason: string };

/** What `/metrics` answers with: `MetricsRegistry` is one. */
export interface ScrapeSource {
  /** Everything as it is now, in the format that the Accept header prefers. */
  scrape(accept: string | undefined): Promise<{ contentType: string; body: string }>;
}

export interface OpenRoutesOptions {
  registry: ScrapeSource;
  scrapes: ScrapeLog;
  readiness: () => Readiness;
}

/** Paths that monitoring asks often: they need no token and are logged at debug level. */
export const OPEN_PATHS: ReadonlySet<string> = new Set(['/metrics', '/healthz', '/readyz']);

function metricsHandler({ registry, scrapes }: OpenRoutesOptions): RequestHandler {
  return async (req, res) => {
    const answered = scrapes.begin();
    const { contentType, body } = await registry.scrape(req.headers.accept);
    if (req.method === 'GET') res.once('finish', answered);
    res.setHeader('Content-Type', contentType).setHeader('Vary', 'Accept').end(body);
  };
}

/** `/metrics`, `/healthz` and `/readyz`: what monitoring needs, without a token. */
export function openRoutes(options: OpenRoutesOptions): Router {
  const router = Router();
  router.route('/metrics').get(metricsHandler(options)).all(methodNotAllowed('GET'));
  router
    .route('/healthz')
    .get((_req, res) => void res.json({ status: 'ok' }))
    .all(methodNotAllowed('GET'));
  router
    .route('/readyz')
    .get((_req, res) => {
      const state = options.readiness();
      if (!state.ready) throw new ApiError(503, 'not_ready', state.reason, 'ask again in a few seconds');
      res.json({ status: 'ready' });
    })
    .all(methodNotAllowed('GET'));
  return router;
}
