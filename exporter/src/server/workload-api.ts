import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { ApiError, methodNotAllowed, overCeilings, refusalError } from './api-error.js';
import { usersProblem, type Ceilings } from './ceilings.js';
import { parseBody } from './json-body.js';
import type { SweepService, WorkloadConfig, WorkloadOutcome } from './sweep-service.js';
import { originOf } from './sweeps-api.js';

const share = z.number().min(0);
const fields = {
  totalRPS: z.number().positive(),
  mix: z
    .strictObject({ a: share.optional(), b: share.optional(), c: share.optional() })
    .refine(({ a = 0, b = 0, c = 0 }) => a !== 0 || b !== 0 || c !== 0, 'needs at least one share above 0'),
  maxConcurrency: z.int().min(1),
};
const startSchema = z.strictObject({
  totalRPS: fields.totalRPS.default(10),
  mix: fields.mix.default({ a: 1 }),
  maxConcurrency: fields.maxConcurrency.default(35),
});
const changeSchema = z.strictObject(fields).partial();

function checkUsers(config: { maxConcurrency?: number | undefined }, ceilings: Ceilings): void {
  const problem = usersProblem('maxConcurrency', config.maxConcurrency ?? 0, ceilings);
  if (problem !== null) throw overCeilings([problem]);
}

/** Without the keys whose value is undefined. */
function presentFields(change: z.infer<typeof changeSchema>): Partial<WorkloadConfig> {
  const { totalRPS, mix, maxConcurrency } = change;
  return {
    ...(totalRPS === undefined ? {} : { totalRPS }),
    ...(mix === undefined ? {} : { mix }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
}

const notRunning = (): ApiError =>
  new ApiError(409, 'not_running', 'no workload is running', 'start one: POST /api/workload/start');

function configOf(outcome: WorkloadOutcome): WorkloadConfig {
  if (outcome.kind === 'running') return outcome.config;
  throw outcome.kind === 'notRunning' ? notRunning() : refusalError(outcome);
}

function start(service: SweepService, ceilings: Ceilings): RequestHandler {
  return async (req, res) => {
    const config = parseBody(startSchema, req.body ?? {});
    checkUsers(config, ceilings);
    res.json({
      status: 'started',
      config: configOf(await service.startWorkload(config, originOf(req, 'workload-api'))),
    });
  };
}

function configure(service: SweepService, ceilings: Ceilings): RequestHandler {
  return async (req, res) => {
    const change = presentFields(parseBody(changeSchema, req.body ?? {}));
    checkUsers(change, ceilings);
    const outcome = await service.configureWorkload(change, originOf(req, 'workload-api'));
    res.json({ status: 'updated', config: configOf(outcome) });
  };
}

/**
 * The control API of the load generator that wrote the first seed reports, for scripts made for it: same paths, same
 * answers, but with validated input, a token, and this server's form of errors.
 */
export function workloadApi(service: SweepService, ceilings: Ceilings): Router {
  const router = Router();
  router.route('/workload/start').post(start(service, ceilings)).all(methodNotAllowed('POST'));
  router.route('/workload/config').post(configure(service, ceilings)).all(methodNotAllowed('POST'));
  router
    .route('/workload/stop')
    .post(async (_req, res) => {
      if ((await service.stopWorkload()).kind === 'notRunning') throw notRunning();
      res.json({ status: 'stopped' });
    })
    .all(methodNotAllowed('POST'));
  router
    .route('/status')
    .get((_req, res) => void res.json(service.status()))
    .all(methodNotAllowed('GET'));
  return router;
}
