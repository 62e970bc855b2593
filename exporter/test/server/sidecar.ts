import { Writable } from 'node:stream';
import { afterEach } from '@jest/globals';
import { Counter, Gauge } from 'prom-client';
import { MetricsRegistry } from '../../src/metrics/registry.js';
import { DEFAULT_CEILINGS } from '../../src/server/ceilings.js';
import {
  createServer,
  type RunningServer,
  type ServerOptions,
  type SweepServer,
} from '../../src/server/create-server.js';
import { generateToken } from '../../src/server/auth.js';
import { createLogger } from '../../src/server/logging.js';
import { MemorySweeps, type MemoryServiceOptions } from './memory-service.js';

export const TARGET = 'http://127.0.0.1:8000';
export const SPEC = { name: 'demo', target: { url: TARGET }, load: { levels: [1, 2, 4] } };

export interface Sidecar extends RunningServer {
  service: MemorySweeps;
  server: SweepServer;
  token: string;
  bearer: { Authorization: string };
  registry: MetricsRegistry;
  requests: Counter;
  /** The log's lines so far. */
  log: string[];
}

const running = new Set<RunningServer>();
afterEach(async () => {
  await Promise.all([...running].map((sidecar) => sidecar.close()));
  running.clear();
});

function sampleRegistry(): { registry: MetricsRegistry; requests: Counter } {
  const registry = new MetricsRegistry(() => undefined);
  const registers = [registry];
  const requests = new Counter({ name: 'loadgen_requests_total', help: 'Requests.', registers });
  new Gauge({ name: 'loadgen_level', help: 'Level.', registers }).set(4);
  requests.inc(3);
  return { registry, requests };
}

/** A server on a free port of the loopback, closed after the test. */
export async function startSidecar(
  options: Partial<ServerOptions> = {},
  service: Partial<MemoryServiceOptions> = {},
): Promise<Sidecar> {
  const token = options.auth?.token ?? generateToken();
  const ceilings = options.ceilings ?? DEFAULT_CEILINGS;
  const memory = new MemorySweeps({ allowedTargets: [TARGET], ceilings, defaultSpec: null, ...service });
  const { registry, requests } = sampleRegistry();
  const log: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(...chunk.toString().trim().split('\n'));
      done();
    },
  });
  const logger = createLogger({ level: 'debug', secrets: [token], destination });
  const server = createServer({ service: memory, registry, auth: { token }, logger, ceilings, ...options });
  const address = await server.listen('127.0.0.1', 0);
  running.add(address);
  const bearer = { Authorization: `Bearer ${token}` };
  return { ...address, service: memory, server, token, bearer, registry, requests, log };
}
