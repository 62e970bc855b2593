import { Worker } from 'node:worker_threads';
import type { Load, LevelTarget, LoadCommand, LoadListener, LoadMessage } from './types.js';
import type { WorkerSetup } from './worker-setup.js';

interface Thread {
  worker: Worker;
  exited: Promise<void>;
}

/** A load whose workers are threads: slot i lives on worker i mod W. */
export class ThreadedLoad implements Load {
  private readonly threads: Thread[];
  private readonly fences = new Map<number, { missing: number; resolve: () => void }>();
  private nextFence = 0;
  private closing = false;

  constructor(
    setups: readonly WorkerSetup[],
    private readonly listener: LoadListener,
  ) {
    this.threads = setups.map((setup) => this.spawn(setup));
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
      this.fences.set(id, { missing: this.threads.length, resolve });
      this.command({ type: 'barrier', id });
    });
  }

  cut(): void {
    this.command({ type: 'cut' });
  }

  async close(): Promise<void> {
    this.closing = true;
    this.command({ type: 'close' });
    await Promise.all(this.threads.map((thread) => thread.exited));
  }

  private spawn(setup: WorkerSetup): Thread {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: setup,
      name: `load-${setup.plan.worker}`,
    });
    worker.on('message', (message: LoadMessage) => this.receive(message));
    worker.on('error', (error) => this.listener.onFailure(`load worker ${setup.plan.worker} failed: ${error.message}`));
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        if (!this.closing)
          this.listener.onFailure(`load worker ${setup.plan.worker} ended unexpectedly (code ${code})`);
        this.releaseFences();
        resolve();
      });
    });
    return { worker, exited };
  }

  private command(command: LoadCommand): void {
    for (const { worker } of this.threads) worker.postMessage(command);
  }

  private receive(message: LoadMessage): void {
    switch (message.type) {
      case 'batch':
        return this.listener.onBatch(message.batch);
      case 'barrier':
        return this.answered(message.id);
      case 'health':
        return this.listener.onHealth(message.health);
      case 'failed':
        return this.listener.onFailure(message.message);
    }
  }

  private answered(id: number): void {
    const fence = this.fences.get(id);
    if (fence === undefined) return;
    fence.missing -= 1;
    if (fence.missing > 0) return;
    this.fences.delete(id);
    fence.resolve();
  }

  /** A worker that is gone answers no barrier: nobody may wait for it for ever. */
  private releaseFences(): void {
    for (const fence of this.fences.values()) fence.resolve();
    this.fences.clear();
  }
}
