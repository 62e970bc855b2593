import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.js';
import { RealClock } from '../clock/real-clock.js';
import { createRedactor, type Redactor } from '../target/redact.js';
import { errorHandler, notFound } from './api-error.js';
import { requireToken, type AuthOptions } from './auth.js';
import { DEFAULT_CEILINGS, type Ceilings } from './ceilings.js';
import { EventStreams, type EventStreamLimits } from './event-stream.js';
import { checkHostAndOrigin } from './host-check.js';
import { jsonBody } from './json-body.js';
import { listen, type ConnectionLimits, type Listener } from './listen.js';
import { livePage } from './live-page/live-page.js';
import { panelApi } from './panel-feed/panel-api.js';
import type { PanelFeed } from './panel-feed/panel-feed.js';
import { createLogger, logRequests } from './logging.js';
import { OPEN_PATHS, openRoutes, type Readiness, type ScrapeSource } from './open-routes.js';
import { limitRate } from './rate-limits.js';
import { ScrapeLog } from './scrapes.js';
import type { SweepService } from './sweep-service.js';
import { sweepsApi } from './sweeps-api.js';
import { workloadApi } from './workload-api.js';

export interface ServerLimits extends ConnectionLimits, EventStreamLimits {
  maxBodyBytes: number;
  /** Requests of one address, with the token. */
  requestsPerMinute: number;
  /** Of those, the ones that change something. */
  changesPerMinute: number;
  /** Answers 401 to one address before it gets 429; requests with the right token are never counted here. */
  failuresPerMinute: number;
  /** How long `close` waits for answers under way. */
  closeGraceSeconds: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  headersSeconds: 10,
  requestSeconds: 30,
  keepAliveSeconds: 65,
  maxConnections: 512,
  heartbeatSeconds: 15,
  maxEventStreams: 32,
  maxBodyBytes: 256 * 1024,
  requestsPerMinute: 600,
  changesPerMinute: 60,
  failuresPerMinute: 20,
  closeGraceSeconds: 2,
};

export interface ServerOptions {
  service: SweepService;
  registry: ScrapeSource;
  auth: AuthOptions;
  /** Names besides the loopback ones under which the API and the page may be reached. */
  allowedHosts?: readonly string[];
  limits?: Partial<ServerLimits>;
  ceilings?: Ceilings;
  /** Default: writes JSON lines to standard error. */
  logger?: Logger;
  /** Values besides the token that no error may quote, e.g. API keys. */
  secrets?: readonly string[];
  /** Default: always ready. */
  readiness?: () => Readiness;
  /** A second listener for `/metrics`, `/healthz` and `/readyz` alone. */
  metricsListen?: { host: string; port: number };
  clock?: Clock;
  /** Feeds the live page's panels; without it `/api/v1/panel` is not there. */
  panelFeed?: PanelFeed;
}

export interface RunningServer {
  /** Without a slash at the end. */
  url: string;
  port: number;
  /** The live page with the token in it: to be shown once, to whoever started the sidecar. */
  pageUrl: string;
  /** `/metrics`, on the listener of its own where there is one. */
  metricsUrl: string;
  /** Ends event streams and open answers, then resolves. May be called again. */
  close(): Promise<void>;
}

export interface SweepServer {
  readonly scrapes: ScrapeLog;
  /** Port 0 takes a free one. @throws ListenError */
  listen(host: string, port: number): Promise<RunningServer>;
}

type Settled = Required<Omit<ServerOptions, 'limits' | 'metricsListen' | 'panelFeed'>> & {
  panelFeed: PanelFeed | null;
  limits: ServerLimits;
  scrapes: ScrapeLog;
  streams: EventStreams;
  redact: Redactor;
};

const makeNonce: RequestHandler = (_req, res, next) => {
  res.locals.nonce = randomBytes(16).toString('base64');
  next();
};

/** What an empty style element hashes to: Emotion makes one and fills it by rules, which needs no permission. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** Nothing may be loaded but the page's own nonce-marked styles and scripts; nobody may frame it. */
function securityHeaders(): RequestHandler {
  const nonce = (_req: unknown, res: unknown): string =>
    `'nonce-${(res as { locals: { nonce: string } }).locals.nonce}'`;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': [nonce],
        'style-src': [nonce, EMPTY_STYLE],
        'connect-src': ["'self'"],
        'img-src': ['data:'],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
}

function bareApp({ logger }: Settled): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', false).set('query parser', 'simple');
  return app.use(logRequests(logger, OPEN_PATHS), makeNonce, securityHeaders());
}

function guardedApi(settled: Settled): RequestHandler[] {
  const { auth, limits } = settled;
  const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';
  return [
    requireToken(auth, limitRate(limits.failuresPerMinute, 'requests without a valid token')),
    limitRate(limits.requestsPerMinute, 'requests'),
    limitRate(limits.changesPerMinute, 'changes', (req) => isSafe(req.method)),
    ...jsonBody(limits.maxBodyBytes),
  ];
}

const neverStored: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

function mainApp(settled: Settled): Express {
  const { service, streams, ceilings, auth, limits, logger, redact } = settled;
  const app = bareApp(settled);
  // Before the check of the host: Prometheus and the kubelet come by addresses that nobody configured.
  app.use(openRoutes(settled));
  app.use(checkHostAndOrigin(settled.allowedHosts), neverStored);
  app.use(livePage(auth, limitRate(limits.failuresPerMinute, 'requests without a valid token')));
  app.use('/api', ...guardedApi(settled));
  if (settled.panelFeed !== null) app.use('/api/v1', panelApi(settled.panelFeed));
  app.use('/api/v1', sweepsApi(service, streams, ceilings));
  app.use('/api', workloadApi(service, ceilings));
  return app.use(notFound, errorHandler(logger, redact));
}

function metricsApp(settled: Settled): Express {
  return bareApp(settled).use(openRoutes(settled), notFound, errorHandler(settled.logger, settled.redact));
}

function settle(options: ServerOptions): Settled {
  const { service, registry, auth } = options;
  if (auth.token.length < 16) throw new Error('the token must have at least 16 characters; generateToken() makes one');
  const clock = options.clock ?? new RealClock();
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const secrets = [auth.token, ...(options.secrets ?? [])];
  return {
    service,
    registry,
    auth,
    allowedHosts: options.allowedHosts ?? [],
    limits,
    ceilings: options.ceilings ?? DEFAULT_CEILINGS,
    logger: options.logger ?? createLogger({ secrets }),
    secrets,
    readiness: options.readiness ?? (() => ({ ready: true })),
    clock,
    panelFeed: options.panelFeed ?? null,
    scrapes: new ScrapeLog(clock),
    streams: new EventStreams(service, clock, limits),
    redact: createRedactor(secrets),
  };
}

async function listenBeside(
  main: Listener,
  app: RequestListener,
  at: { host: string; port: number },
  limits: ServerLimits,
): Promise<Listener> {
  try {
    return await listen(app, at.host, at.port, limits);
  } catch (error) {
    await main.close(0);
    throw error;
  }
}

/** The sidecar's HTTP server: metrics and health, the API, its event streams and the live page. Not listening yet. */
export function createServer(options: ServerOptions): SweepServer {
  const settled = settle(options);
  const { limits, scrapes, streams, auth } = settled;
  return {
    scrapes,
    async listen(host, port) {
      const main = await listen(mainApp(settled), host, port, limits);
      const beside = options.metricsListen
        ? await listenBeside(main, metricsApp(settled), options.metricsListen, limits)
        : null;
      settled.panelFeed?.start();
      const listeners = beside === null ? [main] : [main, beside];
      let closing: Promise<unknown> | null = null;
      return {
        url: main.url,
        port: main.port,
        pageUrl: `${main.url}/?token=${encodeURIComponent(auth.token)}`,
        metricsUrl: `${(beside ?? main).url}/metrics`,
        async close() {
          settled.panelFeed?.stop();
          streams.closeAll();
          closing ??= Promise.all(listeners.map((listener) => listener.close(limits.closeGraceSeconds)));
          await closing;
        },
      };
    },
  };
}
