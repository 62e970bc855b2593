import type { Clock, Timer } from '../clock/clock.js';
import type { Probe } from './page-probe.js';
import { UpstreamError, type UpstreamPage } from './page.js';

/** One attempt. Times are `Clock.now()` seconds; `at` is midway between question and answer. */
export interface ScrapeResult {
  at: number;
  durationSeconds: number;
  page: UpstreamPage | null;
  /** Why there is no page, for people; empty when there is one. */
  problem: string;
}

export interface ScrapeLoopOptions {
  clock: Clock;
  probe: Probe;
  intervalSeconds: number;
  timeoutSeconds: number;
  /** 0–1: where in each interval this upstream is asked, so that several are not asked at once. */
  phase: number;
  onResult: (result: ScrapeResult) => void;
}

/** A failing upstream is asked less often, but at least every so many intervals. */
const SLOWEST_INTERVALS = 8;
/** A place on the grid that has just been reached, give or take a rounding error, is not the next one. */
const GRID_TOLERANCE = 1e-6;

/**
 * Asks one upstream again and again, one question at a time: a slow answer delays only the next question to the same
 * upstream. Nothing waits for it, and nothing that an upstream does makes it throw.
 */
export class ScrapeLoop {
  private readonly origin: number;
  private timer: Timer | null = null;
  private current: AbortController | null = null;
  private failures = 0;
  private stopped = false;

  /** Asks for the first time at once. */
  constructor(private readonly options: ScrapeLoopOptions) {
    this.origin = options.clock.now();
    this.ask();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.current?.abort();
  }

  private ask(): void {
    const startedAt = this.options.clock.now();
    void this.attempt().then(({ page, problem }) => {
      if (this.stopped) return;
      const endedAt = this.options.clock.now();
      this.failures = page === null ? this.failures + 1 : 0;
      this.schedule(endedAt);
      this.options.onResult({ at: (startedAt + endedAt) / 2, durationSeconds: endedAt - startedAt, page, problem });
    });
  }

  /** The next place on the grid of intervals, or a later one after failures: a late answer shifts none behind it. */
  private schedule(now: number): void {
    const { clock, intervalSeconds, phase } = this.options;
    const place = Math.floor((now - this.origin) / intervalSeconds - phase + GRID_TOLERANCE) + 1;
    const waits = Math.min(2 ** Math.max(0, this.failures - 1), SLOWEST_INTERVALS) - 1;
    const next = this.origin + (place + waits + phase) * intervalSeconds;
    this.timer = clock.timer(next - now, () => this.ask());
  }

  private attempt(): ReturnType<typeof scrapeOnce> {
    const { clock, probe, timeoutSeconds } = this.options;
    this.current = new AbortController();
    return scrapeOnce(clock, probe, timeoutSeconds, this.current);
  }
}

/** One attempt, ended by the time-out or by `expiry`. Never rejects: what went wrong is told. */
export async function scrapeOnce(
  clock: Clock,
  probe: Probe,
  timeoutSeconds: number,
  expiry = new AbortController(),
): Promise<Pick<ScrapeResult, 'page' | 'problem'>> {
  const timer = clock.timer(timeoutSeconds, () => expiry.abort());
  const expired = new Promise<never>((_, reject) => {
    const late = new UpstreamError(`did not answer within ${timeoutSeconds} s`);
    expiry.signal.addEventListener('abort', () => reject(late), { once: true });
  });
  try {
    return { page: await Promise.race([probe.scrape(expiry.signal), expired]), problem: '' };
  } catch (error) {
    return { page: null, problem: problemOf(error) };
  } finally {
    timer.cancel();
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: is it up, and the port right?',
  ENOTFOUND: 'has a host name that nobody knows',
  EAI_AGAIN: 'has a host name that nobody knows',
  ECONNRESET: 'closed the connection',
  UND_ERR_SOCKET: 'closed the connection',
};

function problemOf(error: unknown): string {
  if (error instanceof UpstreamError) return error.message;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const hint = typeof code === 'string' ? HINTS[code] : undefined;
  return hint ?? `could not be asked: ${typeof message === 'string' && message !== '' ? message : String(error)}`;
}
