import { Worker } from 'node:worker_threads';
import type { LoadCommand, LoadListener, LoadMessage } from './types.js';
import { WorkerLoad } from './worker-load.js';
import type { WorkerSetup } from './worker-setup.js';

interface Thread {
  worker: Worker;
  exited: Promise<void>;
}

/** A load whose workers are threads: slot i lives on worker i mod W. */
export class ThreadedLoad extends WorkerLoad {
  private readonly threads: Thread[];
  private closing = false;

  constructor(setups: readonly WorkerSetup[], listener: LoadListener) {
    super(setups.length, listener);
    this.threads = setups.map((setup) => this.spawn(setup));
  }

  override async close(): Promise<void> {
    this.closing = true;
    this.command({ type: 'close' });
    await Promise.all(this.threads.map((thread) => thread.exited));
  }

  protected override command(command: LoadCommand): void {
    for (const { worker } of this.threads) worker.postMessage(command);
  }

  private spawn(setup: WorkerSetup): Thread {
    const name = `load-${setup.plan.worker}`;
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup, name });
    worker.on('message', (message: LoadMessage) => this.receive(message));
    worker.on('error', (error) => this.listener.onFailure(`load worker ${setup.plan.worker} failed: ${error.message}`));
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        if (!this.closing)
          this.listener.onFailure(`load worker ${setup.plan.worker} ended unexpectedly (code ${code})`);
        this.barriers.workerLost();
        resolve();
      });
    });
    return { worker, exited };
  }
}
