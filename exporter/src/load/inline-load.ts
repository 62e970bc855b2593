import { LoadBody, type LoadBodyParts } from './load-body.js';
import type { LoadCommand, LoadListener } from './types.js';
import { WorkerLoad } from './worker-load.js';

/** A load whose one worker runs in this thread: for virtual time and for tests. */
export class InlineLoad extends WorkerLoad {
  private readonly body: LoadBody;

  constructor(parts: Omit<LoadBodyParts, 'post'>, listener: LoadListener) {
    super(1, listener);
    this.body = new LoadBody({ ...parts, post: (message) => this.receive(message) });
  }

  override close(): Promise<void> {
    this.command({ type: 'close' });
    return Promise.resolve();
  }

  protected override command(command: LoadCommand): void {
    this.body.command(command);
  }
}
