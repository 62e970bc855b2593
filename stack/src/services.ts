import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanagerConfig } from '../../provisioning/src/alertmanager-config.js';
import { yamlText } from '../../provisioning/src/generated-files.js';
import { prometheusConfig } from '../../provisioning/src/prometheus-config.js';
import { prometheusRules } from '../../provisioning/src/rules/prometheus-rules.js';
import type { TimeScale } from '../../provisioning/src/time-scale.js';
import { findGrafana, findProgram } from './binaries.js';
import { HOST, type Ports } from './ports.js';
import { Service } from './service.js';
import { StackError } from './stack-error.js';

/** What all services of one stack share. */
export interface StackPlace {
  /** The repository. */
  root: string;
  /** Configuration, data and logs. */
  folder: string;
  ports: Ports;
  scale: TimeScale;
  /** `PATH` of the environment. */
  path: string;
  /** Servers with metrics besides the one under load, DCGM exporters, and where alerts go. */
  extra: { servers: readonly string[]; gpus: readonly string[]; webhook: string };
}

const at = (port: number): string => `${HOST}:${port}`;

export const logsOf = ({ folder }: StackPlace): string => folderIn(folder, 'logs');

function folderIn(...parts: string[]): string {
  const folder = join(...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function sweepscope(place: StackPlace, name: string, args: string[], readyUrl: string, env = {}): Promise<Service> {
  const bin = join(place.root, 'exporter/bin/sweepscope.js');
  return Service.start({ name, command: process.execPath, args: [bin, ...args], readyUrl, env, logs: logsOf(place) });
}

/** The simulated server; `more` are further flags of `sweepscope simulate`. */
export function startSimulator(place: StackPlace, profile: string, more: readonly string[] = []): Promise<Service> {
  const { simulator } = place.ports;
  const args = ['simulate', '--profile', profile, '--port', String(simulator), '--host', HOST, ...more];
  return sweepscope(place, 'simulator', args, `http://${at(simulator)}/health`);
}

export interface SidecarOptions {
  /** The spec that sweeps start from. */
  spec: string;
  /** URL of the server under load. */
  target: string;
  token: string;
  probeRate: number;
  /** Further variables of its environment. */
  env?: Readonly<Record<string, string>>;
}

/** The sidecar, with its probe. */
export function startSidecar(place: StackPlace, options: SidecarOptions): Promise<Service> {
  const { spec, target, token, probeRate, env = {} } = options;
  const { sweepscope: port } = place.ports;
  const runs = folderIn(place.folder, 'runs');
  const load = ['--target', target, '--out', runs, '--probe', '--probe-rate', String(probeRate)];
  const args = ['serve', '--config', spec, ...load, '--listen', at(port)];
  return sweepscope(place, 'sweepscope', args, `http://${at(port)}/healthz`, { ...env, SWEEPSCOPE_TOKEN: token });
}

/** Prometheus with the shipped configuration, at the stack's addresses and time-scale. */
export function startPrometheus(place: StackPlace): Promise<Service> {
  const { ports, scale, extra } = place;
  const folder = folderIn(place.folder, 'prometheus');
  const config = prometheusConfig(scale, {
    sidecar: at(ports.sweepscope),
    servers: [at(ports.simulator), ...extra.servers],
    gpus: extra.gpus,
    alertmanager: at(ports.alertmanager),
    prometheus: at(ports.prometheus),
  });
  writeFileSync(join(folder, 'prometheus.yml'), yamlText(config));
  writeFileSync(join(folderIn(folder, 'rules'), 'sweepscope.yml'), yamlText(prometheusRules(scale)));
  const own = join(place.root, 'provisioning/prometheus/targets');
  if (existsSync(own)) cpSync(own, join(folder, 'targets'), { recursive: true });
  return Service.start({
    name: 'prometheus',
    command: findProgram('prometheus', place.path),
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${folderIn(place.folder, 'prometheus-data')}`,
      '--storage.tsdb.retention.time=15d',
      `--web.listen-address=${at(ports.prometheus)}`,
      '--enable-feature=exemplar-storage',
    ],
    readyUrl: `http://${at(ports.prometheus)}/-/ready`,
    logs: logsOf(place),
  });
}

export function startAlertmanager(place: StackPlace): Promise<Service> {
  const { ports, scale, extra } = place;
  const folder = folderIn(place.folder, 'alertmanager');
  const config = alertmanagerConfig(scale, { kind: 'webhook', url: extra.webhook });
  writeFileSync(join(folder, 'alertmanager.yml'), yamlText(config));
  return Service.start({
    name: 'alertmanager',
    command: findProgram('alertmanager', place.path),
    args: [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${folderIn(folder, 'data')}`,
      `--web.listen-address=${at(ports.alertmanager)}`,
      '--cluster.listen-address=', // one is enough: no gossip port
    ],
    readyUrl: `http://${at(ports.alertmanager)}/-/ready`,
    logs: logsOf(place),
  });
}

const PLUGIN = 'sweepscope-sweep-panel';

/** Grafana of an unpacked release, with plugin, data source, dashboards and alerts provisioned. */
export function startGrafana(place: StackPlace, home: string, password: string): Promise<Service> {
  const { root, ports } = place;
  const folder = folderIn(place.folder, 'grafana');
  const built = join(root, 'plugin/dist');
  if (!existsSync(join(built, 'plugin.json')))
    throw new StackError('the panel is not built: run "npm run build" first, so that there is plugin/dist');
  const link = join(folderIn(folder, 'plugins'), PLUGIN);
  if (!existsSync(link)) symlinkSync(built, link);
  return Service.start({
    name: 'grafana',
    command: findGrafana(home),
    args: ['server', '--homepath', home],
    env: {
      ...GRAFANA_ENV,
      GF_PATHS_PROVISIONING: join(root, 'provisioning/grafana'),
      GF_PATHS_DATA: folderIn(folder, 'data'),
      GF_PATHS_LOGS: folderIn(folder, 'logs'),
      GF_PATHS_PLUGINS: join(folder, 'plugins'),
      GF_SERVER_HTTP_ADDR: HOST,
      GF_SERVER_HTTP_PORT: String(ports.grafana),
      GF_SECURITY_ADMIN_PASSWORD: password,
      SWEEPSCOPE_PROMETHEUS_URL: `http://${at(ports.prometheus)}`,
      SWEEPSCOPE_DASHBOARDS: join(root, 'dashboards'),
      SWEEPSCOPE_ALERT_WEBHOOK_URL: place.extra.webhook,
    },
    readyUrl: `http://${at(ports.grafana)}/api/health`,
    readySeconds: 180,
    logs: logsOf(place),
  });
}

/** The same settings as in docker-compose.yml; a test compares them. */
export const GRAFANA_ENV = {
  GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: PLUGIN,
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_DASHBOARDS_MIN_REFRESH_INTERVAL: '1s',
  GF_AUTH_ANONYMOUS_ENABLED: 'true',
  GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
} as const;
