import { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from '../api-error.js';
import { credential, secretsEqual, setAuthCookie, type AuthOptions } from '../auth.js';
import { assetFile } from './assets.js';
import { loginPage, sweepPage } from './page.js';

const nonceOf = (res: { locals: Record<string, unknown> }): string => String(res.locals.nonce);

/**
 * `/`: the live page. A right `?token=` is exchanged for a cookie and taken out of the address; without either a
 * small form asks for the token. `/assets/`: its scripts and style, which hold no data and need no token.
 */
export function livePage(auth: AuthOptions, limitFailures: RequestHandler): Router {
  const router = Router();
  const show: RequestHandler = (req, res, next) => {
    const { token } = req.query;
    if (typeof token === 'string' && secretsEqual(token.trim(), auth.token)) {
      setAuthCookie(req, res, auth.token);
      return res.redirect(303, '/');
    }
    if (credential(req, auth.token) !== null) return void res.type('html').send(sweepPage(nonceOf(res)));
    return limitFailures(req, res, (error?: unknown) => {
      if (error !== undefined) return next(error);
      res.setHeader('WWW-Authenticate', 'Bearer realm="sweepscope"');
      res
        .status(401)
        .type('html')
        .send(loginPage(nonceOf(res), token !== undefined));
    });
  };
  router.route('/').get(show).all(methodNotAllowed('GET'));
  router
    .route('/assets/:name')
    .get((req, res, next) => {
      const asset = assetFile(req.params.name);
      if (asset === null) return next();
      return void res.type(asset.type).send(asset.body);
    })
    .all(methodNotAllowed('GET'));
  return router;
}
