import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Redactor } from '../target/redact.js';
import type { Problem, Refusal } from './sweep-service.js';

/** An answer that is an error: `{error: {code, message, hint, problems?}}` with this status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string,
    readonly problems: readonly Problem[] | null = null,
  ) {
    super(message);
  }
}

export const badRequest = (message: string, hint: string, problems: readonly Problem[] | null = null): ApiError =>
  new ApiError(400, 'bad_request', message, hint, problems);

export const unknownRun = (id: string): ApiError =>
  new ApiError(404, 'unknown_run', `there is no run "${id}"`, 'GET /api/v1/sweeps lists the runs');

export function overCeilings(problems: readonly Problem[]): ApiError {
  const list = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new ApiError(
    422,
    'over_ceilings',
    `more than this sidecar permits: ${list}`,
    'ask for less, or raise its ceilings where it is started',
    problems,
  );
}

/** The error that answers a refusal of the service. */
export function refusalError(refusal: Refusal): ApiError {
  switch (refusal.kind) {
    case 'problems':
      return new ApiError(
        400,
        'invalid_spec',
        `not valid: ${refusal.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')}`,
        '"sweepscope schema" prints the JSON Schema of a spec',
        refusal.problems,
      );
    case 'busy':
      return new ApiError(
        409,
        'busy',
        `run ${refusal.runId} is under way, and a server can be measured by one load at a time`,
        `wait for its end or stop it: POST /api/v1/sweeps/${refusal.runId}/stop`,
      );
    case 'forbiddenTarget':
      return new ApiError(
        403,
        'target_not_allowed',
        `target ${refusal.url} is not on the list of allowed targets`,
        'add its origin to the allowed targets where this sidecar is started',
      );
    case 'overCeilings':
      return overCeilings(refusal.problems);
    case 'unavailable':
      return new ApiError(503, 'unavailable', refusal.message, refusal.hint);
  }
}

/** Answers every method that the routes before it on this path did not take with 405. */
export function methodNotAllowed(...allowed: readonly string[]): RequestHandler {
  return (req, res) => {
    res.setHeader('Allow', allowed.join(', '));
    throw new ApiError(
      405,
      'method_not_allowed',
      `${req.method} is not a method of ${req.baseUrl}${req.path}`,
      `use ${allowed.join(' or ')}`,
    );
  };
}

export const notFound: RequestHandler = (req) => {
  throw new ApiError(404, 'not_found', `nothing is served at ${req.path.slice(0, 200)}`, 'docs/api.md lists the paths');
};

/** What express and its body parser throw, as far as it is the client's doing. */
function clientError(error: unknown): ApiError | null {
  if (!(error instanceof Error)) return null;
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') {
    return new ApiError(413, 'body_too_large', 'the body is too large', 'specs are small: name a dataset by its path');
  }
  if (type === 'entity.parse.failed') return badRequest('the body is not valid JSON', 'send one JSON object');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new ApiError(415, 'unsupported_media_type', error.message, 'send plain JSON in UTF-8');
  }
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  return new ApiError(status, 'bad_request', 'the request could not be read', 'check its path, headers and body');
}

/** Writes an error; `redact` removes secrets that its words may quote. */
export function sendError(res: Response, error: ApiError, redact: Redactor): void {
  const { code, message, hint } = error;
  const problems = error.problems?.map((problem) => ({
    path: problem.path,
    message: problem.message,
    hint: problem.hint,
  }));
  const body = JSON.stringify({ error: { code, message, hint, problems } });
  res.status(error.status).setHeader('Cache-Control', 'no-store').type('json').send(redact(body));
}

/** The last handler: every error becomes JSON; what is not the client's doing is logged and told without details. */
export function errorHandler(logger: Logger, redact: Redactor): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const known = error instanceof ApiError ? error : clientError(error);
    const requestId = String(res.getHeader('X-Request-Id'));
    if (known === null) logger.error({ err: error, requestId }, 'request failed');
    if (res.headersSent) return next(error);
    const hint = `the sidecar's log tells more under request ${requestId}`;
    sendError(res, known ?? new ApiError(500, 'internal', 'something went wrong inside the sidecar', hint), redact);
  };
}
