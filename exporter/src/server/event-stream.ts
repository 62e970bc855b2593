import type { Request, Response } from 'express';
import type { Clock, Timer } from '../clock/clock.js';
import { ApiError } from './api-error.js';
import type { NumberedEvent, SweepService } from './sweep-service.js';

export interface EventStreamLimits {
  /** Seconds between comments that keep proxies from closing a quiet stream. */
  heartbeatSeconds: number;
  /** Streams open at a time. */
  maxEventStreams: number;
}

/** What a client is told to wait before it connects again. */
const RETRY_MS = 2000;
/** A client that reads so slowly that this much waits for it is cut off; it comes back and gets a replay. */
const MAX_BACKLOG_BYTES = 1 << 20;

function format(runId: string, { seq, event }: NumberedEvent): string {
  return `id: ${runId}:${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The place in this run's events that a `Last-Event-ID` names; 0 when it is of another run or unreadable. */
export function replayFrom(lastEventId: string | undefined, runId: string): number {
  const split = lastEventId?.lastIndexOf(':') ?? -1;
  if (lastEventId === undefined || lastEventId.slice(0, Math.max(0, split)) !== runId) return 0;
  const place = lastEventId.slice(split + 1);
  return /^\d{1,15}$/.test(place) ? Number(place) : 0;
}

/** One client's stream: writes what it is told until the run or the client ends. */
class Stream {
  private timer: Timer | null = null;
  private pending: NumberedEvent[] | null = [];

  constructor(
    private readonly res: Response,
    private readonly runId: string,
    private readonly clock: Clock,
    private readonly heartbeatSeconds: number,
  ) {}

  /** Keeps events until `open`, then writes them. */
  readonly onEvent = (event: NumberedEvent): void => {
    if (this.pending === null) this.write(event);
    else this.pending.push(event);
  };

  /** False when the run is over and all of it was seen: there is nothing to stream. */
  open(ended: boolean): boolean {
    const pending = this.pending ?? [];
    if (ended && pending.length === 0) return false;
    this.res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      Connection: 'close',
    });
    this.res.write(`retry: ${RETRY_MS}\n\n`);
    this.pending = null;
    for (const event of pending) this.write(event);
    if (!this.res.writableEnded) this.beat();
    return true;
  }

  close(): void {
    this.timer?.cancel();
    if (!this.res.writableEnded) this.res.end();
  }

  private write(event: NumberedEvent): void {
    if (this.res.writableEnded || this.res.destroyed) return;
    this.res.write(format(this.runId, event));
    if (event.event.type === 'end') this.close();
    else if (this.res.writableLength > MAX_BACKLOG_BYTES) this.res.destroy();
  }

  private beat(): void {
    this.timer = this.clock.timer(this.heartbeatSeconds, () => {
      if (this.res.writableLength < MAX_BACKLOG_BYTES) this.res.write(': keep-alive\n\n');
      this.beat();
    });
  }
}

/** All event streams of a server: counted, and ended together when it closes. */
export class EventStreams {
  private readonly open = new Set<Stream>();

  constructor(
    private readonly service: SweepService,
    private readonly clock: Clock,
    private readonly limits: EventStreamLimits,
  ) {}

  /** Answers with the run's events as server-sent events: a replay after `Last-Event-ID`, then live until its end. */
  serve(req: Request, res: Response, runId: string): void {
    if (this.open.size >= this.limits.maxEventStreams) {
      throw new ApiError(
        429,
        'too_many_streams',
        `${this.limits.maxEventStreams} event streams are open already`,
        'close one, or poll GET /api/v1/sweeps/:id',
      );
    }
    const stream = new Stream(res, runId, this.clock, this.limits.heartbeatSeconds);
    const after = replayFrom(req.get('Last-Event-ID'), runId);
    const subscription = this.service.subscribe(runId, after, stream.onEvent);
    if (subscription === null) {
      throw new ApiError(
        404,
        'no_events',
        `no events are kept of run "${runId}"`,
        'GET /api/v1/sweeps/:id has its result',
      );
    }
    this.open.add(stream);
    res.once('close', () => {
      stream.close();
      this.open.delete(stream);
      subscription.unsubscribe();
    });
    // 204 tells an EventSource not to come back.
    if (!stream.open(subscription.ended)) res.status(204).end();
  }

  closeAll(): void {
    for (const stream of this.open) stream.close();
  }
}
