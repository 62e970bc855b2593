import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SHIPPED_SCALE } from '../../provisioning/src/time-scale.js';
import { findGrafana, findProgram } from './binaries.js';
import { HOST, hostOf, needFree, portsOf, type PortName } from './ports.js';
import { adminPassword } from './admin-password.js';
import type { Service } from './service.js';
import {
  startAlertmanager,
  startGrafana,
  startPrometheus,
  startSidecar,
  startSimulator,
  type StackPlace,
} from './services.js';
import { StackError } from './stack-error.js';
import { SweepClient } from './sweep-client.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROFILE = 'l4-qwen0.5b';

const HELP = `Runs Sweepscope with Prometheus, Alertmanager and (with GRAFANA_HOME) Grafana on this machine, and one demo sweep.

  npm run stack                       until Ctrl-C; data stays in .stack/
  npm run stack -- --once             one demo sweep, then ends; leaves nothing behind
  npm run stack -- --target URL       your own server instead of the simulator
  npm run stack -- --port NAME=PORT   another port, e.g. --port prometheus=19090; may be repeated
  npm run stack -- --spec FILE        what to sweep, instead of examples/quick.yaml

Environment: GRAFANA_HOME (an unpacked Grafana release, 12.2 or newer), SWEEPSCOPE_ALERT_WEBHOOK_URL (where alerts go),
SWEEPSCOPE_TOKEN (of the sidecar's API; made up unless set).
`;

interface Options {
  once: boolean;
  target: string | null;
  spec: string;
  port: string[];
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      target: { type: 'string' },
      spec: { type: 'string', default: join(ROOT, 'examples/quick.yaml') },
      port: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return { once: values.once, target: values.target ?? null, spec: values.spec, port: values.port };
}

/** Services in the order in which they were started, to be ended the other way round. */
class Running {
  private readonly services: Service[] = [];
  readonly trouble: Promise<StackError>;
  private fail: (error: StackError) => void = () => undefined;

  constructor() {
    this.trouble = new Promise((resolve) => (this.fail = resolve));
  }

  async add(starting: Promise<Service>): Promise<void> {
    const service = await starting;
    this.services.push(service);
    void service.unexpectedEnd().then((error) => {
      if (error !== null) this.fail(error);
    });
  }

  async stop(): Promise<void> {
    for (const service of this.services.toReversed()) await service.stop();
  }
}

function placeOf(options: Options, folder: string): StackPlace {
  return {
    root: ROOT,
    folder,
    ports: portsOf(options.port),
    scale: SHIPPED_SCALE,
    path: process.env['PATH'] ?? '',
    extra: {
      servers: options.target === null ? [] : [hostOf(options.target)],
      gpus: [],
      webhook: process.env['SWEEPSCOPE_ALERT_WEBHOOK_URL'] ?? 'http://127.0.0.1:9/no-webhook-configured',
    },
  };
}

/** What would fail later fails now, before anything runs. */
async function checkBefore(place: StackPlace, grafanaHome: string | undefined, target: string | null): Promise<void> {
  findProgram('prometheus', place.path);
  findProgram('alertmanager', place.path);
  if (grafanaHome !== undefined) findGrafana(grafanaHome);
  const skipped = new Set<PortName>();
  if (grafanaHome === undefined) skipped.add('grafana');
  if (target !== null) skipped.add('simulator');
  for (const [name, port] of Object.entries(place.ports) as [PortName, number][]) {
    if (!skipped.has(name)) await needFree(name, port);
  }
}

async function startAll(running: Running, place: StackPlace, options: Options, token: string): Promise<void> {
  const { ports } = place;
  if (options.target === null) await running.add(startSimulator(place, PROFILE));
  const target = options.target ?? `http://${HOST}:${ports.simulator}`;
  await running.add(startSidecar(place, { spec: options.spec, target, token, probeRate: 0.5 }));
  await running.add(startAlertmanager(place));
  await running.add(startPrometheus(place));
  const home = process.env['GRAFANA_HOME'];
  const password = adminPassword(place.folder, process.env['GF_SECURITY_ADMIN_PASSWORD']);
  if (home !== undefined) await running.add(startGrafana(place, home, password));
  console.log(`live page     http://${HOST}:${ports.sweepscope}/?token=${token}`);
  console.log(`prometheus    http://${HOST}:${ports.prometheus}`);
  console.log(`alertmanager  http://${HOST}:${ports.alertmanager}`);
  if (home === undefined) console.log('grafana       not started: set GRAFANA_HOME to an unpacked Grafana release');
  else console.log(`grafana       http://${HOST}:${ports.grafana}/d/sweepscope-live?refresh=1s  (admin, ${password})`);
}

async function sweep(place: StackPlace, token: string, signal: AbortSignal): Promise<void> {
  const client = new SweepClient(`http://${HOST}:${place.ports.sweepscope}`, token);
  const id = await client.start();
  console.log(`sweeping      run ${id}, at most three minutes with the quick spec`);
  const { state } = await client.ended(id, signal);
  if (signal.aborted) return;
  console.log(await client.report(id));
  if (state !== 'completed') throw new StackError(`the run ended as ${state}`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    console.log(HELP);
    return;
  }
  const folder = options.once ? mkdtempSync(join(tmpdir(), 'sweepscope-stack-')) : join(ROOT, '.stack');
  mkdirSync(folder, { recursive: true });
  const place = placeOf(options, folder);
  const running = new Running();
  const stopper = new AbortController();
  const stopped = new Promise<null>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopper.abort(), resolve(null)));
  });
  const token = process.env['SWEEPSCOPE_TOKEN'] ?? randomBytes(24).toString('hex');
  const work = async (): Promise<void> => {
    await checkBefore(place, process.env['GRAFANA_HOME'], options.target);
    await startAll(running, place, options, token);
    await sweep(place, token, stopper.signal);
    if (!options.once) await stopped;
  };
  try {
    const trouble = await Promise.race([work().then(() => null), running.trouble, stopped]);
    if (trouble !== null) throw trouble;
  } finally {
    stopper.abort();
    await running.stop();
    if (options.once) rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  const known = error instanceof StackError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  console.error(`error: ${known ? (error as Error).message : String(error instanceof Error ? error.stack : error)}`);
  process.exitCode = 1;
}
