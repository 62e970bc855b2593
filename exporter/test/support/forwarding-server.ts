import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes everything on to another server, except paths that it pretends not to have. */
export class ForwardingServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(target: string, missing: (path: string) => boolean): Promise<ForwardingServer> {
    const server = createServer((incoming, outgoing) => {
      const path = incoming.url ?? '/';
      if (missing(path)) {
        outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not Found"}');
        return;
      }
      const onward = request(
        new URL(path, target),
        { method: incoming.method, headers: incoming.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return new ForwardingServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
