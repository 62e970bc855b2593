import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { storeError } from './store-error.js';

const FLUSH_AT_CHARACTERS = 1 << 16;

/** A file that only grows: lines are buffered until `flush`, which writes them whole. */
export class AppendLog {
  private readonly fd: number;
  private pending: string[] = [];
  private pendingCharacters = 0;

  /** @throws StoreError when the file can't be opened */
  constructor(readonly path: string) {
    try {
      this.fd = openSync(path, 'a');
    } catch (error) {
      throw storeError(path, 'open it for appending', error);
    }
  }

  /** Takes one line, without its newline. @throws StoreError when a flush fails */
  line(text: string): void {
    this.pending.push(text);
    this.pendingCharacters += text.length;
    if (this.pendingCharacters >= FLUSH_AT_CHARACTERS) this.flush();
  }

  /** Hands everything to the system. What could not be written stays pending. @throws StoreError */
  flush(): void {
    if (this.pending.length === 0) return;
    const bytes = Buffer.from(`${this.pending.join('\n')}\n`);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.fd, bytes, written);
    } catch (error) {
      this.keepRest(bytes.subarray(written));
      throw storeError(this.path, 'append to it', error);
    }
    this.pending = [];
    this.pendingCharacters = 0;
  }

  /** Flushes, and closes whatever happens. @throws StoreError */
  close(): void {
    try {
      this.flush();
      fsyncSync(this.fd);
    } finally {
      closeSync(this.fd);
    }
  }

  private keepRest(rest: Buffer): void {
    const text = rest.toString().replace(/\n$/, '');
    this.pending = [text];
    this.pendingCharacters = text.length;
  }
}
