import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHIPPED_SCALE } from '../../../provisioning/src/time-scale.js';
import { freePort, HOST, type Ports } from '../../../stack/src/ports.js';
import type { Service } from '../../../stack/src/service.js';
import {
  startAlertmanager,
  startGrafana,
  startPrometheus,
  startSidecar,
  startSimulator,
  type StackPlace,
} from '../../../stack/src/services.js';
import { DcgmExporter } from '../../stack/support/dcgm.js';
import { SPECULATING } from '../../stack/support/rig.js';
import { annotationToken } from './service-account.js';
import { TOKEN_ENV, withAddresses } from './spec.js';

/** The stack as `npm run stack` starts it, on free ports, with a GPU's exporter beside it. */
export class GrafanaRig {
  private readonly services: Service[] = [];

  private constructor(
    private readonly place: StackPlace,
    private readonly gpus: DcgmExporter,
    /** What the specs need to know. */
    readonly env: Record<string, string>,
  ) {}

  static async start(root: string, grafanaHome: string, log: (line: string) => void): Promise<GrafanaRig> {
    const folder = mkdtempSync(join(tmpdir(), 'sweepscope-grafana-'));
    const gpus = await DcgmExporter.start();
    const ports = await freePorts();
    const [token, password] = [randomBytes(24).toString('hex'), randomBytes(9).toString('base64url')];
    const extra = { servers: [], gpus: [gpus.address], webhook: 'http://127.0.0.1:9/no-webhook-configured' };
    const place = { root, folder, ports, scale: SHIPPED_SCALE, path: process.env['PATH'] ?? '', extra };
    const rig = new GrafanaRig(place, gpus, {
      GRAFANA_URL: `http://${HOST}:${ports.grafana}`,
      GRAFANA_ADMIN_PASSWORD: password,
      SWEEPSCOPE_URL: `http://${HOST}:${ports.sweepscope}`,
      SWEEPSCOPE_TOKEN: token,
    });
    try {
      await rig.startAll(grafanaHome, token, password);
    } catch (error) {
      await rig.stop();
      throw error;
    }
    log(`grafana       ${rig.env['GRAFANA_URL'] ?? ''} of ${grafanaHome}; logs in ${join(folder, 'logs')}`);
    return rig;
  }

  private async startAll(grafanaHome: string, token: string, password: string): Promise<void> {
    const { place, gpus } = this;
    await this.add(startGrafana(place, grafanaHome, password));
    const grafana = this.env['GRAFANA_URL']!;
    const env = { [TOKEN_ENV]: await annotationToken(grafana, password) };
    const target = `http://${HOST}:${place.ports.simulator}`;
    const file = join(place.root, 'e2e/grafana/sweep.yaml');
    const spec = withAddresses(file, place.folder, { server: target, gpus: gpus.address, grafana });
    await this.add(startSimulator(place, 'l4-qwen0.5b', SPECULATING));
    await this.add(startSidecar(place, { spec, target, token, probeRate: 0.5, env }));
    await this.add(startAlertmanager(place));
    await this.add(startPrometheus(place));
  }

  async stop(): Promise<void> {
    for (const service of this.services.toReversed()) await service.stop();
    await this.gpus.stop();
    rmSync(this.place.folder, { recursive: true, force: true });
  }

  private async add(starting: Promise<Service>): Promise<void> {
    this.services.push(await starting);
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
