import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Clock, Timer } from '../clock/clock.js';

const FLUSH_SECONDS = 1;

/**
 * The server's own truth about one request, to compare a client with. Times are monotonic seconds, on the axis of
 * `RealClock.now()` in any process of this machine, each taken immediately before the bytes were given to the socket.
 * NaN (null in the file): did not happen.
 */
export interface WrittenRequest {
  requestId: string;
  /** The request's head was parsed. */
  arrivedAt: number;
  /** Its body was complete. */
  receivedAt: number;
  firstTokenAt: number;
  lastTokenAt: number;
  /** The last byte was given to the socket, or the client was seen to be gone. */
  endedAt: number;
  /** Tokens written. */
  tokens: number;
  outcome: 'finished' | 'aborted' | 'fault';
  /** When each token was written; only with `tokenTimes`. */
  tokenTimes?: number[];
}

/** A file with one JSON line per ended request, written at least once a second and when closed. */
export class WriteLog {
  private lines: string[] = [];
  private timer: Timer | null = null;

  private constructor(
    private readonly stream: WriteStream,
    private readonly clock: Clock,
    readonly tokenTimes: boolean,
  ) {}

  /**
   * Opens the file anew. With `tokenTimes` each line lists when every token was written.
   * @throws Error of the file system when it cannot be written.
   */
  static async open(path: string, clock: Clock, tokenTimes: boolean): Promise<WriteLog> {
    const stream = createWriteStream(path, { flags: 'w' });
    await once(stream, 'open');
    stream.on('error', (error) => process.emitWarning(`simulator: write log ${path}: ${error.message}`));
    return new WriteLog(stream, clock, tokenTimes);
  }

  add(request: WrittenRequest): void {
    this.lines.push(`${JSON.stringify(request)}\n`);
    this.timer ??= this.clock.timer(FLUSH_SECONDS, () => this.flush());
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    this.flush();
    this.stream.end();
    await finished(this.stream).catch(() => undefined); // told by the error listener
  }

  private flush(): void {
    this.timer = null;
    if (this.lines.length > 0) this.stream.write(this.lines.join(''));
    this.lines = [];
  }
}
