import { Client, type Dispatcher } from 'undici';
import type { TurnRequest } from '../workload/types.js';
import { WarmConnector, type Connections } from './connections.js';
import { HttpExchange, type ExchangeOwner, type ExchangeRoom } from './exchange.js';
import type { Channel, ExchangeListener, SendOptions } from './types.js';

/** What all channels of one target share. */
export interface ChannelRoom extends ExchangeRoom {
  connections: Connections;
  origin: string;
  path: string;
  /** As name, value, name, value …, without the request's own id. */
  headers: readonly string[];
  body(request: TurnRequest): Buffer;
  onClosed(channel: HttpChannel): void;
}

/** One keep-alive connection of one user. */
export class HttpChannel implements Channel, ExchangeOwner {
  private readonly connector: WarmConnector;
  private readonly client: Client;
  private current: HttpExchange | null = null;
  private servedOnConnection = 0;
  private closing: Promise<void> | null = null;

  constructor(private readonly room: ChannelRoom) {
    this.connector = new WarmConnector(room.connections, () => (this.servedOnConnection = 0));
    this.client = new Client(room.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.connector.connect,
    });
  }

  warm(): Promise<void> {
    return this.connector.warm();
  }

  /** @throws Error when the previous exchange has not ended: a channel holds one at a time */
  send(request: TurnRequest, options: SendOptions, listener: ExchangeListener): HttpExchange {
    const { room } = this;
    if (this.current !== null && this.current.outcome === null) {
      throw new Error(`request ${options.requestId}: this channel is still busy with ${this.current.requestId}`);
    }
    const exchange = new HttpExchange(room, this, listener, options);
    const headers = [...room.headers, 'x-request-id', options.requestId];
    const dispatch: Dispatcher.DispatchOptions = { path: room.path, method: 'POST', headers, body: room.body(request) };
    this.current = exchange;
    room.connections.stats.requests += 1;
    exchange.startedAt = room.clock.now();
    room.deadlines.add(exchange);
    this.client.dispatch(dispatch, exchange);
    return exchange;
  }

  onWritten(): void {
    if (this.servedOnConnection++ > 0) this.room.connections.stats.reusedRequests += 1;
  }

  close(): void {
    void this.end();
  }

  /** Ends what is under way and closes the connection; resolves when it is closed. */
  end(): Promise<void> {
    if (this.closing !== null) return this.closing;
    this.closing = Promise.resolve();
    this.current?.cancel('aborted');
    this.connector.close();
    this.closing = this.client.destroy().catch(() => undefined);
    this.room.onClosed(this);
    return this.closing;
  }
}
