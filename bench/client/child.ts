import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AnswerMessage, CallMap } from './calls.js';
import { canPin } from './machine.js';

interface Pending {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

/** A process of the benchmark, pinned to a core where the system can do that, which answers calls. */
export class Child<C extends CallMap<C>> {
  private readonly process: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private nextId = 0;

  /** `script`: a compiled file beside this one. `nodeOptions`: flags for that process alone, e.g. a profiler's. */
  constructor(
    private readonly script: string,
    core: number,
    nodeOptions: readonly string[] = [],
  ) {
    const file = fileURLToPath(new URL(script, import.meta.url));
    const node = [process.execPath, ...nodeOptions, file];
    const [command, ...args] = canPin() ? ['taskset', '-c', `${core}`, ...node] : node;
    this.process = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.process.on('message', (message: AnswerMessage) => this.receive(message));
    this.process.on('error', (error) => this.failAll(error));
    this.process.on('exit', (code) => this.failAll(new Error(`${script} ended (exit code ${code ?? 'none'})`)));
  }

  /** @throws Error with the other process's stack */
  ask<K extends keyof C & string>(call: K, argument: C[K][0]): Promise<C[K][1]> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.process.send({ id, call, argument });
    });
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  /** Lets the process end as if its work were done, so that a profiler in it can write its file. */
  async leave(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.disconnect();
    await ended;
  }

  private receive(message: AnswerMessage): void {
    const waiting = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('error' in message) waiting?.reject(new Error(`${this.script}: ${message.error}`));
    else waiting?.resolve(message.answer);
  }

  private failAll(error: Error): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
