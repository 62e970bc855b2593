import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Gauges of one GPU under load, with one field that it does not support, as DCGM writes that. */
const GAUGES: Record<string, number> = {
  DCGM_FI_DEV_GPU_UTIL: 97,
  DCGM_FI_DEV_POWER_USAGE: 68.5,
  DCGM_FI_DEV_FB_USED: 20_480,
  DCGM_FI_DEV_FB_FREE: 2254,
  DCGM_FI_DEV_GPU_TEMP: 61,
  DCGM_FI_DEV_SM_CLOCK: 2040,
  DCGM_FI_DEV_XID_ERRORS: 0,
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: 0.21,
  DCGM_FI_PROF_DRAM_ACTIVE: 0.74,
  DCGM_FI_PROF_PCIE_TX_BYTES: 1.2e6,
  DCGM_FI_PROF_PCIE_RX_BYTES: 3.4e6,
  DCGM_FI_PROF_NVLINK_TX_BYTES: 9_223_372_036_854_775_794,
  DCGM_FI_PROF_NVLINK_RX_BYTES: 9_223_372_036_854_775_794,
};

const LABELS = 'gpu="0",UUID="GPU-5f0",device="nvidia0",modelName="NVIDIA L4",Hostname="node-1"';

/** A DCGM exporter of one L4 at 68.5 W. */
export class DcgmExporter {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<DcgmExporter> {
    const began = Date.now();
    const server = createServer((_incoming, outgoing) => {
      const seconds = (Date.now() - began) / 1000;
      const counters = {
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: Math.round(68_500 * seconds),
        DCGM_FI_DEV_POWER_VIOLATION: Math.round(1000 * seconds),
        DCGM_FI_DEV_THERMAL_VIOLATION: 0,
      };
      const lines = Object.entries({ ...GAUGES, ...counters }).map(([name, value]) => `${name}{${LABELS}} ${value}`);
      outgoing.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(`${lines.join('\n')}\n`);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return new DcgmExporter(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
