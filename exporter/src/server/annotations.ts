import { sleep, type Clock } from '../clock/clock.js';
import type { SweepEvent } from '../sweep/events.js';

/** A region on Grafana's time axis. */
export interface Annotation {
  /** Identifies it among those of its run. */
  key: string;
  /** Epoch seconds. */
  start: number;
  end: number;
  text: string;
  tags: readonly string[];
}

export interface AnnotationsParts {
  url: string;
  /** Bearer token; null: none. */
  token: string | null;
  runId: string;
  name: string;
  /** Unix time of the run's beginning, seconds: events count from there. */
  startedEpoch: number;
  clock: Clock;
  /** Told of what is wrong but stops nothing. */
  warn: (message: string) => void;
}

const FIRST_WAIT = 1;
const LONGEST_WAIT = 60;
const REQUEST_MS = 5000;
const CLOSE_SECONDS = 5;

/**
 * Writes each window and the run as tagged regions to a Grafana, and their verdicts when they are known. It keeps what
 * should be there and writes what is not yet: one at a time, ever less often while Grafana does not take it. A region that
 * is there already (after a lost answer, or of a resumed run) is found by its tags and changed, never written twice.
 */
export class GrafanaAnnotations {
  private readonly wanted = new Map<string, Annotation>();
  private readonly written = new Map<string, Annotation>();
  private readonly ids = new Map<string, number>();
  /** Index of the level of each window. */
  private readonly levels = new Map<string, number>();
  private readonly closing = new AbortController();
  private working: Promise<void> | null = null;
  private told = false;

  constructor(private readonly parts: AnnotationsParts) {}

  /** Takes up what an event tells. Never throws, and returns at once. */
  observe(event: SweepEvent): void {
    if (event.type === 'window') {
      const { id, load, level, repetition, measureStartedAt, measureEndedAt, invalidReasons } = event.window;
      const state = invalidReasons.length === 0 ? 'measured' : `invalid: ${invalidReasons.join(', ')}`;
      this.levels.set(id, level);
      this.region(id, measureStartedAt, measureEndedAt, `level ${load}, repetition ${repetition}: ${state}`, [
        `level:${load}`,
      ]);
    } else if (event.type === 'level') {
      this.judge(event);
    } else if (event.type === 'end') {
      const ended = this.parts.clock.epoch() - this.parts.startedEpoch;
      this.region('run', 0, ended, `run ${this.parts.name}: ${event.state}`, [`state:${event.state}`]);
    }
  }

  /** Waits, a few seconds at most, until all is written. */
  async close(): Promise<void> {
    const timer = this.parts.clock.timer(CLOSE_SECONDS, () => this.closing.abort());
    await this.working;
    timer.cancel();
    if (this.wanted.size > 0) this.parts.warn(`${this.wanted.size} annotations were not written to ${this.parts.url}`);
  }

  /** The verdict of a level is that of its windows; one that is invalid stays so. */
  private judge({ analysis, result }: Extract<SweepEvent, { type: 'level' }>): void {
    const judgement = analysis.levels.find(({ level }) => level === result.level);
    if (judgement === undefined) return;
    for (const [id, level] of this.levels) {
      const before = this.wanted.get(id) ?? this.written.get(id);
      if (level !== result.level || before === undefined || before.text.includes('invalid')) continue;
      const text = `${before.text.replace(/:.*/s, '')}: ${judgement.verdict}. ${judgement.reason}`;
      const tags = [...before.tags.filter((tag) => !tag.startsWith('verdict:')), `verdict:${judgement.verdict}`];
      this.want({ ...before, text, tags });
    }
  }

  private region(key: string, start: number, end: number, text: string, tags: readonly string[]): void {
    const { runId, startedEpoch } = this.parts;
    const own = ['sweepscope', `run:${runId}`, `window:${key}`];
    this.want({ key, start: startedEpoch + start, end: startedEpoch + end, text, tags: [...own, ...tags] });
  }

  private want(annotation: Annotation): void {
    this.wanted.set(annotation.key, annotation);
    this.working ??= this.work().finally(() => (this.working = null));
  }

  private async work(): Promise<void> {
    let wait = FIRST_WAIT;
    for (;;) {
      const [next] = this.wanted.values();
      if (next === undefined || this.closing.signal.aborted) return;
      try {
        await this.write(next);
        // What changed in the meantime is written again.
        if (this.wanted.get(next.key) === next) this.wanted.delete(next.key);
        this.written.set(next.key, next);
        wait = FIRST_WAIT;
      } catch (error) {
        this.tell(error);
        await sleep(this.parts.clock, wait, this.closing.signal);
        wait = Math.min(LONGEST_WAIT, 2 * wait);
      }
    }
  }

  private async write(annotation: Annotation): Promise<void> {
    const { key, start, end, text, tags } = annotation;
    const body = { time: Math.round(start * 1000), timeEnd: Math.round(end * 1000), text, tags };
    const id = this.ids.get(key) ?? (await this.find(key));
    if (id !== null) {
      this.ids.set(key, id);
      await this.call('PATCH', `/api/annotations/${id}`, body);
      return;
    }
    const answer = (await this.call('POST', '/api/annotations', body)) as { id?: number };
    if (typeof answer.id === 'number') this.ids.set(key, answer.id);
  }

  private async find(key: string): Promise<number | null> {
    const tags = [`run:${this.parts.runId}`, `window:${key}`].map((tag) => `tags=${encodeURIComponent(tag)}`);
    const found = (await this.call('GET', `/api/annotations?${tags.join('&')}&limit=1`)) as { id: number }[];
    return found[0]?.id ?? null;
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const { url, token } = this.parts;
    const answer = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(REQUEST_MS), this.closing.signal]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path.replace(/\?.*/, '')} answered ${answer.status}`);
    return answer.json();
  }

  /** Once for each stretch of trouble would still be a line a minute: once is enough. */
  private tell(error: unknown): void {
    if (this.told) return;
    this.told = true;
    const why = error instanceof Error ? error.message : String(error);
    this.parts.warn(`annotations cannot be written to ${this.parts.url}: ${why}; trying again, the sweep goes on`);
  }
}
