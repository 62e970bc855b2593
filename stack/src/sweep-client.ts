import { StackError } from './stack-error.js';

/** A run as the sidecar's API tells it. */
export interface RunState {
  id: string;
  state: string;
  result: unknown;
}

/** Starts sweeps on a sidecar and waits for their end. */
export class SweepClient {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  /** Starts a sweep of what the sidecar was configured with, changed by `spec`. Returns the run's id. */
  async start(spec: object = {}): Promise<string> {
    const { runId } = (await this.call('POST', '/api/v1/sweeps', spec)) as { runId: string };
    return runId;
  }

  async run(id: string): Promise<RunState> {
    return (await this.call('GET', `/api/v1/sweeps/${id}`)) as RunState;
  }

  /** Waits until the run is over. */
  async ended(id: string, signal?: AbortSignal): Promise<RunState> {
    for (;;) {
      const run = await this.run(id);
      if (run.state !== 'running' || signal?.aborted === true) return run;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** The report as Markdown. */
  async report(id: string): Promise<string> {
    const answer = await fetch(`${this.base}/api/v1/sweeps/${id}/report?format=md`, { headers: this.headers });
    return answer.text();
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: this.headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new StackError(`the sidecar answered ${answer.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text);
  }
}
