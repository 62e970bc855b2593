import type { OnReadOpts, Socket } from 'node:net';

const BUFFER_BYTES = 64 * 1024;

/** What came and was not read yet; null: nothing. */
const unread = Symbol('unread');
interface DirectSocket extends Socket {
  [unread]?: Buffer | null;
}

/**
 * Socket option with which Node reads all sockets of a thread into one buffer, instead of taking 64 KB anew for each
 * read and passing it through the stream's queue and a tick of its own. Listeners of `readable` are called from within
 * the socket's callback. The bytes are copied once, since the next read overwrites them. For sockets without TLS.
 */
export const DIRECT_READ: OnReadOpts = {
  buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES),
  callback(this: DirectSocket, bytes: number, buffer: Uint8Array): boolean {
    const data = Buffer.from(buffer.subarray(0, bytes));
    const before = this[unread] ?? null;
    this[unread] = before === null ? data : Buffer.concat([before, data]);
    this.emit('readable');
    return true;
  },
};

/** Makes `read()` of a socket that was opened with `DIRECT_READ` return what came. */
export function readDirectly(socket: Socket): void {
  const direct: DirectSocket = socket;
  const readStream = socket.read.bind(socket);
  direct[unread] = null;
  direct.read = (size?: number): unknown => {
    const data = direct[unread];
    // Streams call read(0) only to be told of more.
    if (data === null || data === undefined || size === 0) return readStream(size);
    direct[unread] = null;
    return data;
  };
}
