import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TimeScale } from '../../../provisioning/src/time-scale.js';
import { freePort, type Ports } from '../../../stack/src/ports.js';
import type { Service } from '../../../stack/src/service.js';
import {
  startAlertmanager,
  startPrometheus,
  startSidecar,
  startSimulator,
  type StackPlace,
} from '../../../stack/src/services.js';
import { SweepClient } from '../../../stack/src/sweep-client.js';
import { DcgmExporter } from './dcgm.js';
import { FaultyProxy } from './faulty-proxy.js';
import { PrometheusClient } from './prometheus-client.js';
import { Webhook } from './webhook.js';

const run = promisify(execFile);

const TOKEN = 'a-token-for-this-test-only';

/** Rules, scrapes and waits at a tenth of the time. */
export const SCALE = new TimeScale(0.1);

/** Flags of a simulated server that drafts tokens, so that every panel of the server has data. */
export const SPECULATING = ['--spec-tokens', '2', '--spec-acceptance', '0.5'];

const specText = (server: string, gpus: string): string => `
name: e2e
target: { url: 'http://replaced' }
workload: { kind: synthetic, inputTokens: 64, outputTokens: 24, ignoreEos: true, seed: 42 }
slo: { ttft: { p95: 250ms }, tpot: { p95: 20ms }, itl: { p95: 30ms }, latency: { p95: 1s }, errors: 1% }
deployment: { mode: single, gpus: 1 }
telemetry:
  - { engine: vllm, url: '${server}/metrics', interval: 1s }
  - { engine: dcgm, url: 'http://${gpus}/metrics', interval: 1s }
load:
  levels: [1, 2, 4]
  prime: 1s
  warmup: 1500ms
  measure: { duration: 5s, minSamples: 10 }
  snapshots: 2
  cooldown: 500ms
`;

/** The whole stack as it is shipped, at a tenth of the time, with a proxy that makes the server late or mute. */
export class StackRig {
  readonly prometheus: PrometheusClient;
  readonly sweeps: SweepClient;
  private readonly services: Service[] = [];

  private constructor(
    readonly place: StackPlace,
    readonly proxy: FaultyProxy,
    readonly webhook: Webhook,
    private readonly gpus: DcgmExporter,
  ) {
    const url = (port: number): string => `http://127.0.0.1:${port}`;
    this.prometheus = new PrometheusClient(url(place.ports.prometheus));
    this.sweeps = new SweepClient(url(place.ports.sweepscope), TOKEN);
  }

  static async start(): Promise<StackRig> {
    const folder = mkdtempSync(join(tmpdir(), 'sweepscope-e2e-'));
    mkdirSync(join(folder, 'runs'));
    const ports = await freePorts();
    const [webhook, gpus] = [await Webhook.start(), await DcgmExporter.start()];
    const proxy = await FaultyProxy.start(`http://127.0.0.1:${ports.simulator}`);
    writeFileSync(join(folder, 'spec.yaml'), specText(proxy.url, gpus.address));
    const place: StackPlace = {
      root: fileURLToPath(new URL('../../../', import.meta.url)),
      folder,
      ports,
      scale: SCALE,
      path: process.env['PATH'] ?? '',
      extra: { servers: [], gpus: [gpus.address], webhook: webhook.url },
    };
    const rig = new StackRig(place, proxy, webhook, gpus);
    rig.services.push(await startSimulator(place, 'l4-qwen0.5b', SPECULATING));
    rig.services.push(await rig.sidecar());
    rig.services.push(await startAlertmanager(place));
    rig.services.push(await startPrometheus(place));
    return rig;
  }

  /**
   * Makes TTFT a spike by this machine's measure: twice the limit that the rules read from the load before, since on a
   * busy machine that load is slow too.
   */
  async plantSpike(): Promise<void> {
    await this.prometheus.until('loadgen:ttft_spike_limit_seconds', 20);
    const limit = await this.prometheus.value('loadgen:ttft_spike_limit_seconds');
    this.proxy.delaySeconds = Math.max(1.2, 2 * limit);
  }

  /** What the rules knew, for the message of a test that fails. */
  async knownOfTtft(): Promise<string> {
    const known = await this.prometheus.instant('{__name__=~"loadgen:ttft_.*"}');
    return known.map(({ metric, samples }) => `${metric['__name__']} ${samples[0]!.value}`).join(', ');
  }

  /** Ends the sidecar and starts it anew, as a new process with the same runs. */
  async restartSidecar(): Promise<void> {
    await this.services[1]!.stop();
    this.services[1] = await this.sidecar();
  }

  /** Writes a run of this stack as blocks of a new, empty Prometheus; returns the folder of that stack. */
  async backfill(runId: string, options: readonly string[]): Promise<string> {
    const folder = join(this.place.folder, 'old');
    const data = join(folder, 'prometheus-data');
    mkdirSync(data, { recursive: true });
    const file = join(folder, 'run.om');
    const bin = join(this.place.root, 'exporter/bin/sweepscope.js');
    const args = ['backfill', join(this.place.folder, 'runs', runId), '--step', '5', '--output', file, ...options];
    await run(process.execPath, [bin, ...args]);
    await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
    return folder;
  }

  /** Starts another Prometheus on the data of a folder. */
  async prometheusOf(folder: string): Promise<PrometheusClient> {
    const ports = { ...this.place.ports, prometheus: await freePort() };
    this.services.push(await startPrometheus({ ...this.place, folder, ports }));
    return new PrometheusClient(`http://127.0.0.1:${ports.prometheus}`);
  }

  async stop(): Promise<void> {
    for (const service of this.services.toReversed()) await service.stop();
    await Promise.all([this.proxy.stop(), this.webhook.stop(), this.gpus.stop()]);
    rmSync(this.place.folder, { recursive: true, force: true });
  }

  private sidecar(): Promise<Service> {
    const spec = join(this.place.folder, 'spec.yaml');
    return startSidecar(this.place, { spec, target: this.proxy.url, token: TOKEN, probeRate: 5 });
  }
}

async function freePorts(): Promise<Ports> {
  return {
    sweepscope: await freePort(),
    simulator: await freePort(),
    prometheus: await freePort(),
    alertmanager: await freePort(),
    grafana: await freePort(),
  };
}
