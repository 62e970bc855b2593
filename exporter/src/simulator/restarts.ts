import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Timer } from '../clock/clock.js';
import type { Simulation } from './simulation.js';

/** When the server goes away, and for how long. */
export interface RestartOption {
  /** Seconds from the start. */
  afterSeconds: number;
  /** Seconds without a listener; default 2. */
  downSeconds?: number;
}

const DOWN_SECONDS = 2;
const BACKLOG = 4096;

interface Parts {
  host: string;
  simulation: Simulation;
  clock: Clock;
}

/** The listener of the simulator, which may be closed and opened again on the same port. */
export class Restarts {
  /** 0 before `listen`. */
  port = 0;
  private timer: Timer | null = null;
  private closed = false;

  constructor(
    private readonly server: Server,
    private readonly parts: Parts,
  ) {}

  /** @throws the system's error when the port cannot be opened */
  async listen(port: number): Promise<void> {
    this.server.listen({ port, host: this.parts.host, backlog: BACKLOG });
    await once(this.server, 'listening');
    ({ port: this.port } = this.server.address() as AddressInfo);
  }

  schedule({ afterSeconds, downSeconds = DOWN_SECONDS }: RestartOption): void {
    const { clock } = this.parts;
    this.timer = clock.timer(afterSeconds, () => void this.goDown(downSeconds));
  }

  /** Ends all connections at once. */
  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    await this.stopListening();
  }

  /** Streams are cut, new connections refused. */
  private async goDown(downSeconds: number): Promise<void> {
    await this.stopListening();
    this.parts.simulation.restart();
    if (this.closed) return;
    this.timer = this.parts.clock.timer(downSeconds, () => {
      this.listen(this.port).catch((error: unknown) => {
        process.emitWarning(`simulator: port ${this.port} could not be opened again: ${String(error)}`);
      });
    });
  }

  private async stopListening(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
