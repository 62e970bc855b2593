import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './stack-error.js';

/** A program of the stack. */
export interface ServiceOptions {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Folder of its log `<name>.log`. */
  logs: string;
  /** Answers 200 when it is ready. */
  readyUrl: string;
  readySeconds?: number;
}

const LOOK_MS = 100;
const STOP_SECONDS = 35;
const LAST_LINES = 12;

/** A program under way: started, found ready, and ended again. */
export class Service {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private ended = false;
  private failure = '';
  private stopping = false;

  private constructor(private readonly options: ServiceOptions) {
    this.name = options.name;
    const log = openSync(this.logFile, 'a');
    this.child = spawn(options.command, [...options.args], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C in the terminal goes to us alone: we end them in order
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      const over = (failure: string): void => {
        this.ended = true;
        this.failure ||= failure;
        resolve();
      };
      this.child.once('exit', (code, signal) => over(`it ended with ${signal ?? `code ${code ?? 'none'}`}`));
      this.child.once('error', (error) => over(error.message));
    });
  }

  /** Starts it and waits until it is ready. @throws StackError with the end of its log when it does not become so */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options);
    try {
      await service.untilReady();
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get logFile(): string {
    return join(this.options.logs, `${this.options.name}.log`);
  }

  /** Resolves with what happened when it ends before it is told to. */
  async unexpectedEnd(): Promise<StackError | null> {
    await this.exited;
    return this.stopping ? null : this.trouble(this.failure);
  }

  /** Ends it: in order, after 35 seconds at once. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.ended) return;
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), STOP_SECONDS * 1000);
    await this.exited;
    clearTimeout(killer);
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + (this.options.readySeconds ?? 60) * 1000;
    while (!(await answers(this.options.readyUrl))) {
      if (this.ended) throw this.trouble(this.failure);
      if (Date.now() > deadline) throw this.trouble(`${this.options.readyUrl} does not answer`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  private trouble(what: string): StackError {
    const lines = readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-LAST_LINES);
    return new StackError(`${this.name} does not run: ${what}. The end of ${this.logFile}:\n  ${lines.join('\n  ')}`);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
