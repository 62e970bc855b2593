import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ConnectionLimits {
  /** Seconds for a request's head, for the whole request, and for an idle connection to stay open. */
  headersSeconds: number;
  requestSeconds: number;
  keepAliveSeconds: number;
  maxConnections: number;
}

const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use: end the process that holds it, or listen on another port (0 takes any free one)',
  EACCES: 'not permitted: listen on a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address: use 127.0.0.1, or 0.0.0.0 for all of its addresses',
  ENOTFOUND: 'the name does not resolve: use 127.0.0.1, or 0.0.0.0 for all addresses of this machine',
};

/** The server could not listen; the message says where, why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** `EADDRINUSE` and the like. */
  readonly code: string;

  constructor(
    readonly host: string,
    readonly port: number,
    cause: Error & { code?: string },
  ) {
    const code = cause.code ?? 'unknown';
    super(`cannot listen on ${host}:${port}: ${CAUSES[code] ?? cause.message}`, { cause });
    this.code = code;
  }
}

export interface Listener {
  /** Where it is reached from this machine, without a slash at the end. */
  url: string;
  port: number;
  /** Takes no new connections, ends idle ones, and after the grace all others. */
  close(graceSeconds: number): Promise<void>;
}

/** What Node's HTTP parser refuses never reaches express; it is answered in the same form. */
function answerUnreadable(server: Server): void {
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
    const status = statuses[error.code ?? ''] ?? 400;
    const message = status === 408 ? 'the request took too long to arrive' : 'this is not a readable HTTP request';
    const hint = status === 408 ? 'send it in one go' : 'check the client that sent it';
    const body = JSON.stringify({ error: { code: 'bad_request', message, hint } });
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json`;
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}

function close(server: Server, graceSeconds: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection whose answer ends after this call stays open, idle, unless it is swept up.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const cut = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Listens with time limits on slow clients. @throws ListenError */
export function listen(
  handler: RequestListener,
  host: string,
  port: number,
  limits: ConnectionLimits,
): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: limits.headersSeconds * 1000,
      requestTimeout: limits.requestSeconds * 1000,
      keepAliveTimeout: limits.keepAliveSeconds * 1000,
      connectionsCheckingInterval: Math.min(1000, limits.headersSeconds * 500),
    },
    handler,
  );
  server.maxConnections = limits.maxConnections;
  answerUnreadable(server);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError(host, port, error)));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address() as AddressInfo;
      resolve({ url: urlOf(address), port: address.port, close: (grace) => close(server, grace) });
    });
  });
}
