import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/clock/clock.js';
import { replayFrom } from '../../src/server/event-stream.js';
import { levelResult, liveStats } from './memory-service.js';
import { SPEC, startSidecar, type Sidecar } from './sidecar.js';
import { levelEvent } from '../support/level-event.js';

/** Reads a stream of server-sent events bit by bit. */
class Events {
  private text = '';
  private constructor(
    readonly response: Response,
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
  ) {}

  static async open(sidecar: Sidecar, id: string, lastEventId?: string): Promise<Events> {
    const headers = { ...sidecar.bearer, ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }) };
    const response = await fetch(`${sidecar.url}/api/v1/sweeps/${id}/events`, { headers });
    return new Events(response, response.body!.getReader());
  }

  /** The stream so far, once it contains `part`. */
  async until(part: string): Promise<string> {
    while (!this.text.includes(part)) {
      const { done, value } = await this.reader.read();
      if (done) throw new Error(`the stream ended without "${part}": ${this.text}`);
      this.text += new TextDecoder().decode(value);
    }
    return this.text;
  }

  /** All of the stream, which must end. */
  async rest(): Promise<string> {
    for (;;) {
      const { done, value } = await this.reader.read();
      if (done) return this.text;
      this.text += new TextDecoder().decode(value);
    }
  }
}

const idsOf = (text: string): string[] => [...text.matchAll(/^id: .*:(\d+)$/gm)].map(([, seq]) => seq!);

async function sweepUnderWay(sidecar: Sidecar): Promise<string> {
  const outcome = await sidecar.service.startSweep(SPEC, { via: 'sweeps-api', client: 'test' });
  if (outcome.kind !== 'started') throw new Error(outcome.kind);
  sidecar.service.emit(outcome.runId, { type: 'note', severity: 'info', message: 'second' });
  sidecar.service.emit(outcome.runId, levelEvent(levelResult(0, 1)));
  return outcome.runId;
}

const end = (sidecar: Sidecar, id: string): void =>
  sidecar.service.emit(id, { type: 'end', state: 'completed', reason: '', runDir: '' });

describe('the event stream', () => {
  it('replays what was, follows what comes, and closes at the end', async () => {
    const sidecar = await startSidecar();
    const id = await sweepUnderWay(sidecar);
    const events = await Events.open(sidecar, id);
    expect(events.response.headers.get('content-type')).toContain('text/event-stream');
    expect(events.response.headers.get('cache-control')).toBe('no-store');
    expect(idsOf(await events.until('event: level'))).toEqual(['1', '2', '3']);
    sidecar.service.emit(id, { type: 'note', severity: 'warning', message: 'live' });
    await events.until('"live"');
    end(sidecar, id);
    const all = await events.rest();
    expect(all).toMatch(/^retry: \d+\n\n/);
    expect(all).toContain(`id: ${id}:1\nevent: start\ndata: {"type":"start"`);
    expect(idsOf(all)).toEqual(['1', '2', '3', '4', '5']);
    expect(all.trimEnd().split('\n').at(-1)).toContain('"type":"end"');
  });

  it('goes on after the Last-Event-ID', async () => {
    const sidecar = await startSidecar();
    const id = await sweepUnderWay(sidecar);
    const events = await Events.open(sidecar, id, `${id}:2`);
    end(sidecar, id);
    expect(idsOf(await events.rest())).toEqual(['3', '4']);
  });

  it('replays all of a run to who last saw another one', async () => {
    const sidecar = await startSidecar();
    const id = await sweepUnderWay(sidecar);
    const events = await Events.open(sidecar, 'current', 'another-run:2');
    end(sidecar, id);
    expect(idsOf(await events.rest())).toEqual(['1', '2', '3', '4']);
  });

  it('tells a browser that saw the end not to come back', async () => {
    const sidecar = await startSidecar();
    const id = await sweepUnderWay(sidecar);
    end(sidecar, id);
    const url = `${sidecar.url}/api/v1/sweeps/${id}/events`;
    const answer = await fetch(url, { headers: { ...sidecar.bearer, 'Last-Event-ID': `${id}:4` } });
    expect(answer.status).toBe(204);
  });

  it('says unknown figures as null', async () => {
    const sidecar = await startSidecar();
    const id = await sweepUnderWay(sidecar);
    const live = liveStats(1);
    sidecar.service.emit(id, { type: 'progress', ratio: 0.1, remainingSeconds: 9, phase: 'measure', load: 1, live });
    const events = await Events.open(sidecar, id);
    expect(await events.until('"oldestUnansweredSeconds"')).toContain('"oldestUnansweredSeconds":null');
  });

  it('sends comments while nothing happens', async () => {
    const timers: (() => void)[] = [];
    const clock: Clock = {
      now: () => 0,
      epoch: () => 0,
      defer: setImmediate,
      timer: (delaySeconds, callback) => {
        expect(delaySeconds).toBe(15);
        timers.push(callback);
        return { cancel: () => undefined };
      },
    };
    const sidecar = await startSidecar({ clock });
    const events = await Events.open(sidecar, await sweepUnderWay(sidecar));
    await events.until('event: level');
    timers.shift()!();
    expect(await events.until(': keep-alive')).toMatch(/\n: keep-alive\n\n$/);
    expect(timers.length).toBe(1);
  });

  it('is 404 for a run that does not exist', async () => {
    const sidecar = await startSidecar();
    const answer = await fetch(`${sidecar.url}/api/v1/sweeps/nope/events`, { headers: sidecar.bearer });
    expect(answer.status).toBe(404);
  });

  it('is 429 when too many are open, until one closes', async () => {
    const sidecar = await startSidecar({ limits: { maxEventStreams: 1 } });
    const id = await sweepUnderWay(sidecar);
    const first = await Events.open(sidecar, id);
    await first.until('event: level');
    const second = await fetch(`${sidecar.url}/api/v1/sweeps/${id}/events`, { headers: sidecar.bearer });
    expect(second.status).toBe(429);
    end(sidecar, id);
    await first.rest();
    expect(idsOf(await (await Events.open(sidecar, id)).rest())).toEqual(['1', '2', '3', '4']);
  });

  it('ends when the server closes', async () => {
    const sidecar = await startSidecar();
    const events = await Events.open(sidecar, await sweepUnderWay(sidecar));
    await events.until('event: level');
    await sidecar.close();
    expect(await events.rest()).toContain('event: level');
  });
});

describe('the place to replay from', () => {
  it.each([
    [undefined, 0],
    ['run-a:7', 7],
    ['run-b:7', 0],
    ['7', 0],
    ['run-a:', 0],
    ['run-a:-1', 0],
    ['run-a:1e3', 0],
  ])('of %s is %i', (lastEventId, place) => {
    expect(replayFrom(lastEventId, 'run-a')).toBe(place);
  });
});
