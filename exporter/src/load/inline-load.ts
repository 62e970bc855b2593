import { LoadBody, type LoadBodyParts } from './load-body.js';
import type { Load, LevelTarget, LoadCommand, LoadListener, LoadMessage } from './types.js';

/** A load whose one worker runs in this thread: for virtual time and for tests. */
export class InlineLoad implements Load {
  private readonly body: LoadBody;
  private readonly fences = new Map<number, () => void>();
  private nextFence = 0;

  constructor(
    parts: Omit<LoadBodyParts, 'post'>,
    private readonly listener: LoadListener,
  ) {
    this.body = new LoadBody({ ...parts, post: (message) => this.receive(message) });
  }

  setLevel(target: LevelTarget): void {
    this.command({ type: 'level', target });
  }

  setTargetRate(perSecond: number | null): void {
    this.command({ type: 'rate', perSecond });
  }

  barrier(): Promise<void> {
    return new Promise((resolve) => {
      const id = this.nextFence++;
      this.fences.set(id, resolve);
      this.command({ type: 'barrier', id });
    });
  }

  cut(): void {
    this.command({ type: 'cut' });
  }

  close(): Promise<void> {
    this.command({ type: 'close' });
    return Promise.resolve();
  }

  private command(command: LoadCommand): void {
    this.body.command(command);
  }

  private receive(message: LoadMessage): void {
    switch (message.type) {
      case 'batch':
        return this.listener.onBatch(message.batch);
      case 'barrier':
        this.fences.get(message.id)?.();
        this.fences.delete(message.id);
        return;
      case 'health':
        return this.listener.onHealth(message.health);
      case 'failed':
        return this.listener.onFailure(message.message);
    }
  }
}
