import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RealClock } from '../../src/clock/real-clock.js';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import type { Clock } from '../../src/clock/clock.js';
import { annotateRun } from '../../src/server/annotate-run.js';
import { GrafanaAnnotations } from '../../src/server/annotations.js';
import type { SweepEvent } from '../../src/sweep/events.js';
import { specOf, yaml } from '../config/example-spec.js';

interface Stored {
  id: number;
  time: number;
  timeEnd: number;
  text: string;
  tags: string[];
}

/** Speaks Grafana's annotation API: `POST /api/annotations`, `PATCH /api/annotations/:id`, `GET …?tags=…&tags=…`. */
class FakeGrafana {
  readonly stored = new Map<number, Stored>();
  readonly calls: string[] = [];
  token: string | null = 'secret';
  /** Answers that are lost after they were acted on. */
  loseAnswers = 0;
  failures = 0;
  private next = 1;
  private readonly server: Server;

  constructor() {
    this.server = createServer((incoming, outgoing) => {
      let body = '';
      incoming.on('data', (data: Buffer) => (body += data.toString()));
      incoming.on('end', () => {
        const url = new URL(incoming.url!, 'http://x');
        this.calls.push(`${incoming.method!} ${url.pathname}`);
        if (this.token !== null && incoming.headers.authorization !== `Bearer ${this.token}`) {
          outgoing.writeHead(401).end('{"message":"Unauthorized"}');
          return;
        }
        if (this.failures-- > 0) {
          outgoing.writeHead(503).end('{}');
          return;
        }
        const answer = this.act(incoming.method!, url, body === '' ? {} : (JSON.parse(body) as Partial<Stored>));
        if (incoming.method === 'POST' && this.loseAnswers-- > 0) outgoing.destroy();
        else outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => this.server.once('listening', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/grafana/`;
  }

  get texts(): string[] {
    return [...this.stored.values()].map(({ text }) => text);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private act(method: string, url: URL, body: Partial<Stored>): unknown {
    if (method === 'GET') {
      const tags = url.searchParams.getAll('tags');
      return [...this.stored.values()].filter((one) => tags.every((tag) => one.tags.includes(tag)));
    }
    const id = method === 'POST' ? this.next++ : Number(/\d+$/.exec(url.pathname)![0]);
    this.stored.set(id, { ...this.stored.get(id), ...body, id } as Stored);
    return { id, message: 'ok' };
  }
}

const STARTED = 1_800_000_000;
let grafana: FakeGrafana | null = null;
afterEach(async () => {
  await grafana?.stop();
  grafana = null;
});

async function rig(clock: Clock = new RealClock()) {
  grafana = new FakeGrafana();
  const url = await grafana.listen();
  const warnings: string[] = [];
  const start = (): GrafanaAnnotations =>
    new GrafanaAnnotations({
      url,
      token: 'secret',
      runId: 'run-1',
      name: 'demo',
      startedEpoch: STARTED,
      clock,
      warn: (message) => void warnings.push(message),
    });
  return { grafana, url, warnings, start, annotations: start() };
}

const windowEvent = (id: string, level: number, over: object = {}): SweepEvent =>
  ({
    type: 'window',
    window: {
      id,
      level,
      load: 8 * (level + 1),
      repetition: 1,
      measureStartedAt: 10,
      measureEndedAt: 70.5,
      invalidReasons: [],
      ...over,
    },
  }) as unknown as SweepEvent;

const levelEvent = (level: number, verdict: string, reason: string): SweepEvent =>
  ({ type: 'level', result: { level }, analysis: { levels: [{ level, verdict, reason }] } }) as unknown as SweepEvent;

describe('annotations in Grafana', () => {
  it('mark each window as a tagged region', async () => {
    const { annotations, grafana } = await rig();
    annotations.observe(windowEvent('r1-l1', 0));
    await annotations.close();
    expect([...grafana.stored.values()]).toEqual([
      {
        id: 1,
        time: (STARTED + 10) * 1000,
        timeEnd: STARTED * 1000 + 70_500,
        text: 'level 8, repetition 1: measured',
        tags: ['sweepscope', 'run:run-1', 'window:r1-l1', 'level:8'],
      },
    ]);
  });

  it('get the verdict when it is known, in the same region', async () => {
    const { annotations, grafana } = await rig();
    annotations.observe(windowEvent('r1-l1', 0));
    annotations.observe(windowEvent('r1-l2', 1));
    annotations.observe(levelEvent(1, 'saturated', 'TTFT p50 rose'));
    await annotations.close();
    expect(grafana.texts).toEqual([
      'level 8, repetition 1: measured',
      'level 16, repetition 1: saturated. TTFT p50 rose',
    ]);
    expect([...grafana.stored.values()][1]!.tags).toContain('verdict:saturated');
  });

  it('leave a window that is invalid so, whatever the level is', async () => {
    const { annotations, grafana } = await rig();
    annotations.observe(windowEvent('r1-l1', 0, { invalidReasons: ['little'] }));
    annotations.observe(levelEvent(0, 'clean', 'fine'));
    await annotations.close();
    expect(grafana.texts).toEqual(['level 8, repetition 1: invalid: little']);
  });

  it('are not written twice when an answer was lost', async () => {
    const { annotations, grafana } = await rig();
    grafana.loseAnswers = 1;
    annotations.observe(windowEvent('r1-l1', 0));
    await annotations.close();
    expect(grafana.stored.size).toBe(1);
  });

  it('are not written twice by the process that resumes the run', async () => {
    const { annotations, grafana, start } = await rig();
    annotations.observe(windowEvent('r1-l1', 0));
    await annotations.close();
    const resumed = start();
    resumed.observe(windowEvent('r1-l1', 0));
    await resumed.close();
    expect(grafana.stored.size).toBe(1);
  });

  it('are tried again, ever less often, and told of once', async () => {
    const clock = new VirtualClock();
    const { annotations, grafana, warnings, url } = await rig(clock);
    grafana.failures = 3;
    annotations.observe(windowEvent('r1-l1', 0));
    const began = clock.now();
    while (grafana.stored.size === 0) await clock.runUntil(() => grafana.stored.size > 0, clock.now() + 0.25);
    expect(clock.now() - began).toBeGreaterThanOrEqual(1 + 2 + 4);
    expect(warnings).toEqual([
      `annotations cannot be written to ${url}: GET /api/annotations answered 503; trying again, the sweep goes on`,
    ]);
  });

  it('end with the run, in a few seconds, though Grafana never answers', async () => {
    const { annotations, grafana, warnings, url } = await rig();
    grafana.token = 'another';
    annotations.observe(windowEvent('r1-l1', 0));
    annotations.observe({ type: 'end', state: 'completed', reason: '', runDir: '' });
    await annotations.close();
    expect(warnings.at(-1)).toBe(`2 annotations were not written to ${url}`);
  });

  it('never throw at the sweep', () => {
    const annotations = new GrafanaAnnotations({
      url: 'http://127.0.0.1:9',
      token: null,
      runId: 'r',
      name: 'n',
      startedEpoch: 0,
      clock: new VirtualClock(),
      warn: () => undefined,
    });
    expect(() => annotations.observe(windowEvent('r1-l1', 0))).not.toThrow();
    expect(() => annotations.observe(levelEvent(7, 'clean', ''))).not.toThrow();
  });
});

describe('whether a run is annotated', () => {
  const run = { runId: 'r', startedEpoch: 0 };
  const asked = (extra: string, env: Record<string, string> = {}) => {
    const warnings: string[] = [];
    const parts = { clock: new VirtualClock(), env, warn: (message: string) => void warnings.push(message) };
    return { annotations: annotateRun(specOf(yaml({ extra })), run, parts), warnings };
  };

  it('is for its spec to say', () => {
    expect(asked('').annotations).toBeNull();
    expect(asked('grafana: { url: "http://g:3000" }').annotations).not.toBeNull();
  });

  it('needs the token that the spec names, and goes on without', () => {
    const { annotations, warnings } = asked('grafana: { url: "http://g:3000", tokenEnv: GRAFANA_TOKEN }');
    expect(annotations).toBeNull();
    expect(warnings).toEqual([
      'grafana.tokenEnv: the environment variable GRAFANA_TOKEN is not set or empty; no annotations are written',
    ]);
  });
});
