import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One alert as Alertmanager tells it. */
export interface Notified {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** What Alertmanager sends its notifications to. */
export class Webhook {
  readonly received: Notified[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Webhook> {
    const server = createServer();
    const webhook = new Webhook(server);
    server.on('request', (incoming, outgoing) => {
      let body = '';
      incoming.on('data', (data: Buffer) => (body += data.toString()));
      incoming.on('end', () => {
        webhook.received.push(...(JSON.parse(body) as { alerts: Notified[] }).alerts);
        outgoing.writeHead(200).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Resolves when such a notification was received since the `from`-th; fails after `seconds`. */
  async until(alertname: string, status: Notified['status'], from: number, seconds: number): Promise<Notified> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const found = this.received
        .slice(from)
        .find((alert) => alert.labels['alertname'] === alertname && alert.status === status);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${alertname} was not ${status} within ${seconds} s: ${this.told()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private told(): string {
    return this.received.map(({ status, labels }) => `${labels['alertname'] ?? '?'} ${status}`).join(', ');
  }
}
