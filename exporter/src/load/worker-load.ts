import { Barriers } from './barriers.js';
import type { LevelTarget, Load, LoadCommand, LoadListener, LoadMessage } from './types.js';

/** A load made of workers that take commands and send messages, wherever they run. */
export abstract class WorkerLoad implements Load {
  protected readonly barriers: Barriers;

  protected constructor(
    workers: number,
    protected readonly listener: LoadListener,
  ) {
    this.barriers = new Barriers(workers);
  }

  setLevel(target: LevelTarget): void {
    this.command({ type: 'level', target });
  }

  setTargetRate(perSecond: number | null): void {
    this.command({ type: 'rate', perSecond });
  }

  barrier(): Promise<void> {
    return this.barriers.begin((id) => this.command({ type: 'barrier', id }));
  }

  cut(): void {
    this.command({ type: 'cut' });
  }

  abstract close(): Promise<void>;

  /** Sends a command to all workers. */
  protected abstract command(command: LoadCommand): void;

  protected receive(message: LoadMessage): void {
    switch (message.type) {
      case 'batch':
        return this.listener.onBatch(message.batch);
      case 'barrier':
        return this.barriers.answered(message.id);
      case 'health':
        return this.listener.onHealth(message.health);
      case 'failed':
        return this.listener.onFailure(message.message);
    }
  }
}
