import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { Clock } from '../clock/clock.js';
import { DIRECT_READ, readDirectly } from './direct-read.js';
import { CONNECT_TIMEOUT_SECONDS, type TlsMaterial } from './http-config.js';
import type { TargetStats } from './types.js';

type Connector = ReturnType<typeof buildConnector>;
export type ConnectOptions = Parameters<Connector>[0];
export type ConnectCallback = Parameters<Connector>[1];

/** Opens connections to one server and counts them. TCP_NODELAY is on, certificates are always verified. */
export class Connections {
  readonly stats: TargetStats = {
    socketsOpen: 0,
    socketsWaiting: 0,
    connects: 0,
    connectSecondsSum: 0,
    requests: 0,
    reusedRequests: 0,
  };
  private readonly connector: Connector;
  private readonly plain: boolean;

  constructor(
    private readonly clock: Clock,
    tls: TlsMaterial,
    /** Where a channel connects ahead of its first request. */
    readonly place: ConnectOptions,
  ) {
    this.plain = place.protocol === 'http:';
    this.connector = buildConnector({
      timeout: CONNECT_TIMEOUT_SECONDS * 1000,
      rejectUnauthorized: true,
      ...(this.plain ? { onread: DIRECT_READ } : {}),
      ...pem('ca', tls.ca),
      ...pem('cert', tls.cert),
      ...pem('key', tls.key),
    });
  }

  open(options: ConnectOptions, callback: ConnectCallback): void {
    const { stats, clock } = this;
    const startedAt = clock.now();
    stats.socketsWaiting += 1;
    this.connector(options, (...result) => {
      stats.socketsWaiting -= 1;
      const [error, socket] = result;
      if (error === null) {
        if (this.plain) readDirectly(socket);
        stats.connects += 1;
        stats.connectSecondsSum += clock.now() - startedAt;
        stats.socketsOpen += 1;
        socket.once('close', () => (stats.socketsOpen -= 1));
      }
      callback(...result);
    });
  }
}

function pem<Name extends string>(
  name: Name,
  value: string | Uint8Array | null,
): Partial<Record<Name, string | Buffer>> {
  if (value === null) return {};
  const content = typeof value === 'string' ? value : Buffer.from(value);
  return { [name]: content } as Partial<Record<Name, string | Buffer>>;
}

/** Where to connect for an origin such as `https://host:8443`. */
export function connectOptions(origin: string): ConnectOptions {
  const { protocol, host, hostname, port } = new URL(origin);
  return { protocol, host, hostname: hostname.replace(/^\[|\]$/g, ''), port };
}

/**
 * The connector of one channel. It can open a connection ahead of any request and hand it to the first one, so that
 * warming asks the server nothing and is never in a request's way.
 */
export class WarmConnector {
  private spare: Socket | null = null;
  private opening: Promise<Socket | null> | null = null;
  private inUse: Socket | null = null;
  private closed = false;

  constructor(
    private readonly connections: Connections,
    /** Called when a request gets a connection that has served none. */
    private readonly onFresh: () => void,
  ) {}

  /** Resolves when a connection stands ready, or could not be had. */
  async warm(): Promise<void> {
    if (this.closed || this.spare !== null || this.inUse?.destroyed === false) return;
    this.opening ??= this.openSpare();
    await this.opening;
  }

  readonly connect = (options: ConnectOptions, callback: ConnectCallback): void => {
    this.onFresh();
    const { spare, opening } = this;
    const answer: ConnectCallback = (...result) => {
      this.inUse = result[1];
      callback(...result);
    };
    if (spare === null && opening === null) return this.connections.open(options, answer);
    // undici must not be called back before its own call returned.
    void Promise.resolve(spare ?? opening).then((socket) => {
      const usable = socket !== null && socket === this.spare && !socket.destroyed;
      if (!usable) return this.connections.open(options, answer);
      this.handOver(socket);
      answer(null, socket);
    });
  };

  close(): void {
    this.closed = true;
    this.spare?.destroy();
    this.spare = null;
  }

  private openSpare(): Promise<Socket | null> {
    return new Promise((resolve) => {
      this.connections.open(this.connections.place, (error, socket) => {
        this.opening = null;
        if (error === null && this.closed) socket.destroy();
        if (error !== null || this.closed) return resolve(null);
        this.keep(socket);
        resolve(socket);
      });
    });
  }

  /** An idle connection is read, so that the server's closing it is noticed, and keeps no process alive. */
  private keep(socket: Socket): void {
    this.spare = socket;
    socket.unref();
    socket.on('readable', discard);
    socket.once('close', () => {
      if (this.spare === socket) this.spare = null;
    });
  }

  private handOver(socket: Socket): void {
    this.spare = null;
    socket.off('readable', discard);
    socket.ref();
  }
}

/** Nothing may come before a request: a connection that speaks first is not used. */
function discard(this: Socket): void {
  if (this.read() !== null) this.destroy();
}
