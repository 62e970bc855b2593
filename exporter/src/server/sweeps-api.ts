import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { ApiError, badRequest, methodNotAllowed, overCeilings, refusalError, unknownRun } from './api-error.js';
import { usersProblem, type Ceilings } from './ceilings.js';
import type { EventStreams } from './event-stream.js';
import { parseBody } from './json-body.js';
import {
  REPORT_FORMATS,
  type ReportFormat,
  type RequestOrigin,
  type RunSummary,
  type SweepService,
} from './sweep-service.js';

/** Names of folders below the run folder: no separators, no leading dot. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

const loadSchema = z.strictObject({ users: z.int().min(0) });

const REPORT_FILES: Readonly<Record<ReportFormat, { type: string; extension: string }>> = {
  md: { type: 'text/markdown; charset=utf-8', extension: 'md' },
  json: { type: 'application/json; charset=utf-8', extension: 'json' },
  csv: { type: 'text/csv; charset=utf-8', extension: 'csv' },
  'seed-json': { type: 'application/json; charset=utf-8', extension: 'seed.json' },
};

export const originOf = (req: Request, via: RequestOrigin['via']): RequestOrigin => ({
  via,
  client: req.socket.remoteAddress ?? 'unknown',
});

const linksOf = (id: string): Record<string, string> => {
  const self = `/api/v1/sweeps/${id}`;
  return { self, events: `${self}/events`, report: `${self}/report`, stop: `${self}/stop` };
};

const withLinks = (run: RunSummary): object => ({ ...run, links: linksOf(run.id) });

/** The run a path means: `current` is the running one, else the newest. @throws ApiError 404 */
async function runIdOf(req: Request, service: SweepService): Promise<string> {
  const id = String(req.params.id);
  if (id === 'current') {
    const runs = await service.listRuns();
    const run = runs.find(({ state }) => state === 'running') ?? runs[0];
    if (run === undefined)
      throw new ApiError(404, 'unknown_run', 'there is no run yet', 'start one: POST /api/v1/sweeps');
    return run.id;
  }
  if (!RUN_ID.test(id)) throw unknownRun(id.slice(0, 128));
  return id;
}

function startSweep(service: SweepService): RequestHandler {
  return async (req, res) => {
    const outcome = await service.startSweep(req.body, originOf(req, 'sweeps-api'));
    if (outcome.kind !== 'started') throw refusalError(outcome);
    const links = linksOf(outcome.runId);
    res.status(201).location(links.self!).json({ runId: outcome.runId, links });
  };
}

function showRun(service: SweepService): RequestHandler {
  return async (req, res) => {
    const id = await runIdOf(req, service);
    const run = await service.getRun(id);
    if (run === null) throw unknownRun(id);
    res.json({ ...withLinks(run.summary), result: run.result });
  };
}

function stopRun(service: SweepService): RequestHandler {
  return async (req, res) => {
    const id = await runIdOf(req, service);
    const outcome = await service.stopSweep(id);
    if (outcome.kind === 'unknownRun') throw unknownRun(id);
    if (outcome.kind === 'notRunning') {
      throw new ApiError(409, 'not_running', `run ${id} is ${outcome.state} already`, 'there is nothing to stop');
    }
    res.status(202).json({ runId: id, status: 'stopping' });
  };
}

function sendReport(service: SweepService): RequestHandler {
  return async (req, res) => {
    const wanted = req.query.format ?? 'md';
    const format = REPORT_FORMATS.find((known) => known === wanted);
    if (format === undefined) {
      throw badRequest('that report format is not known', `use ?format= with one of ${REPORT_FORMATS.join(', ')}`);
    }
    const id = await runIdOf(req, service);
    const outcome = await service.report(id, format);
    if (outcome.kind === 'unknownRun') throw unknownRun(id);
    if (outcome.kind === 'notReady') {
      throw new ApiError(409, 'not_ready', outcome.message, 'ask again when a level has been measured');
    }
    const { type, extension } = REPORT_FILES[format];
    res.setHeader('Content-Type', type).setHeader('Content-Disposition', `inline; filename="${id}.${extension}"`);
    res.end(outcome.body);
  };
}

function setLoad(service: SweepService, ceilings: Ceilings): RequestHandler {
  return async (req, res) => {
    const load = parseBody(loadSchema, req.body);
    const problem = usersProblem('users', load.users, ceilings);
    if (problem !== null) throw overCeilings([problem]);
    const outcome = await service.setLoad(load, originOf(req, 'load-api'));
    if (outcome.kind === 'notRunning') {
      throw new ApiError(409, 'not_running', 'no load by hand is running', 'there is nothing to end');
    }
    if (!('runId' in outcome) || outcome.kind === 'busy') throw refusalError(outcome);
    res.json({ status: outcome.kind, runId: outcome.runId, users: outcome.users, links: linksOf(outcome.runId) });
  };
}

/** `/api/v1`: sweeps, their events and reports, and the load by hand. */
export function sweepsApi(service: SweepService, streams: EventStreams, ceilings: Ceilings): Router {
  const router = Router();
  router
    .route('/sweeps')
    .get(async (_req, res) => void res.json({ runs: (await service.listRuns()).map(withLinks) }))
    .post(startSweep(service))
    .all(methodNotAllowed('GET', 'POST'));
  router.route('/sweeps/:id').get(showRun(service)).all(methodNotAllowed('GET'));
  router.route('/sweeps/:id/stop').post(stopRun(service)).all(methodNotAllowed('POST'));
  router.route('/sweeps/:id/report').get(sendReport(service)).all(methodNotAllowed('GET'));
  router
    .route('/sweeps/:id/events')
    .get(async (req, res) => streams.serve(req, res, await runIdOf(req, service)))
    .all(methodNotAllowed('GET'));
  router.route('/load').patch(setLoad(service, ceilings)).all(methodNotAllowed('PATCH'));
  return router;
}
