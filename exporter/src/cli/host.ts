import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { RealClock } from '../clock/real-clock.js';
import type { SweepSpec } from '../config/spec.js';
import { buildRegistry } from '../metrics/registry.js';
import { generateToken } from '../server/auth.js';
import { DEFAULT_CEILINGS, type Ceilings } from '../server/ceilings.js';
import { createServer, type RunningServer, type SweepServer } from '../server/create-server.js';
import { ListenError } from '../server/listen.js';
import { createLogger } from '../server/logging.js';
import { PanelFeed } from '../server/panel-feed/panel-feed.js';
import { SidecarService } from '../server/sidecar-service.js';
import { Sidecar } from '../server/sidecar.js';
import { CliError } from './cli-error.js';
import type { ListenOptions } from './commands/listen-options.js';

export interface HostOptions extends ListenOptions {
  /** What requests start from; its objectives set the histograms' edges. */
  baseSpec: SweepSpec | null;
  runsDir: string;
  allowedTargets: readonly string[];
  ceilings?: Ceilings;
  /** `warn` keeps the terminal for the live table. */
  logLevel: 'info' | 'warn';
}

/** The sidecar of a command with its server, listening. */
export interface Host {
  sidecar: Sidecar;
  server: RunningServer;
  scrapes: SweepServer['scrapes'];
  logger: Logger;
}

const NO_OBJECTIVES: SweepSpec['slo'] = { latency: [], errorRatio: null };
const SHORTEST_TOKEN = 16;

/** Puts sidecar, service, registry and server together. @throws CliError when it can't listen */
export async function startHost(options: HostOptions): Promise<Host> {
  const token = readToken(options);
  const secrets = [token, ...apiKeys(options.baseSpec)];
  const logger = createLogger({ level: options.logLevel, secrets });
  const sidecar = new Sidecar({
    clock: new RealClock(),
    env: process.env,
    objectives: options.baseSpec?.slo ?? NO_OBJECTIVES,
    runsDir: options.runsDir,
    warn: (message) => logger.warn(message),
  });
  const ceilings = options.ceilings ?? DEFAULT_CEILINGS;
  const { baseSpec, allowedTargets, runsDir } = options;
  const clock = new RealClock();
  const registry = buildRegistry(sidecar.sources());
  const panelFeed = new PanelFeed(registry, clock);
  const server = createServer({
    service: new SidecarService(sidecar, { baseSpec, allowedTargets, ceilings, runsDir, logger }),
    registry,
    panelFeed,
    auth: { token },
    allowedHosts: options.allowHost,
    ceilings,
    logger,
    secrets,
    ...(options.metricsListen === undefined ? {} : { metricsListen: options.metricsListen }),
  });
  const running = await listen(server, options);
  if (baseSpec !== null) sidecar.watch(baseSpec);
  const close = async (): Promise<void> => {
    sidecar.close();
    await running.close();
  };
  return { sidecar, server: { ...running, close }, scrapes: server.scrapes, logger };
}

async function listen(server: SweepServer, { listen: at }: HostOptions): Promise<RunningServer> {
  try {
    return await server.listen(at.host, at.port);
  } catch (error) {
    if (error instanceof ListenError)
      throw new CliError(error.message, 1, 'choose another address with --listen host:port');
    throw error;
  }
}

function readToken({ tokenFile }: ListenOptions): string {
  const token = tokenFile === undefined ? process.env['SWEEPSCOPE_TOKEN'] : readTokenFile(tokenFile);
  if (token === undefined || token === '') return generateToken();
  if (token.length >= SHORTEST_TOKEN) return token;
  throw new CliError(
    `the token has ${token.length} characters, at least ${SHORTEST_TOKEN} are needed`,
    1,
    'make one with: openssl rand -hex 32',
  );
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(`cannot read the token from ${file}: ${(error as Error).message}`);
  }
}

/** Keys in use, so that no log line or error quotes them. */
function apiKeys(spec: SweepSpec | null): string[] {
  const followUp = spec?.workload.kind === 'conversation' ? spec.workload.followUp : null;
  const names = [spec?.target.apiKeyEnv, followUp?.kind === 'model' ? followUp.apiKeyEnv : null];
  return names.flatMap((name) => (name == null ? [] : (process.env[name] ?? [])));
}
