import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server; answers to requests for completions come late, or not at all, when it is told so. */
export class FaultyProxy {
  /** Every completion is passed on so much later, seconds. */
  delaySeconds = 0;
  private stalled = false;
  private readonly hanging = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => this.handle(incoming, outgoing));
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(createServer(), target);
    proxy.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.server.once('listening', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on no completion is answered. */
  stall(): void {
    this.stalled = true;
  }

  /** All is well again; what hung is cut. */
  recover(): void {
    this.stalled = false;
    this.delaySeconds = 0;
    for (const outgoing of this.hanging) outgoing.destroy();
    this.hanging.clear();
  }

  async stop(): Promise<void> {
    this.recover();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const isCompletion = incoming.url?.includes('/completions') === true;
    if (isCompletion && this.stalled) {
      incoming.resume();
      this.hanging.add(outgoing);
      outgoing.once('close', () => this.hanging.delete(outgoing));
      return;
    }
    setTimeout(() => this.pass(incoming, outgoing), isCompletion ? this.delaySeconds * 1000 : 0);
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = new URL(incoming.url ?? '/', this.target);
    const onward = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}
