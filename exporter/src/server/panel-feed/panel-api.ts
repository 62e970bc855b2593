import { Router } from 'express';
import { badRequest, methodNotAllowed } from '../api-error.js';
import type { PanelFeed } from './panel-feed.js';

/** `GET /panel?since=`: what the live page's panels draw. */
export function panelApi(feed: PanelFeed): Router {
  const router = Router();
  router
    .route('/panel')
    .get((req, res) => {
      const since = req.query.since === undefined ? 0 : Number(req.query.since);
      if (!Number.isFinite(since)) {
        throw badRequest('since: must be a number of epoch seconds', 'leave it out for all samples');
      }
      res.json(feed.answer(since));
    })
    .all(methodNotAllowed('GET'));
  return router;
}
