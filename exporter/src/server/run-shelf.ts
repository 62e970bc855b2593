import type { RetainedRun } from '../metrics/sources.js';
import { EventLog } from './event-log.js';
import { pastRuns, type PastRun } from './past-runs.js';
import type { BookedRun } from './run-book.js';

const SHOWN_RUNS = 3;
const KEPT_LOGS = 20;

export interface ShelfOptions {
  /** Where runs are kept that finished before this process began; null: show none of them. */
  runsDir: string | null;
  /** Runs shown on `/metrics` besides pinned ones. */
  shownRuns?: number;
  /** Told of a run that cannot be read. */
  warn: (message: string) => void;
}

/** The runs that the process shows: its own, those on disk, and the events of the newest. */
export class RunShelf {
  readonly logs = new Map<string, EventLog>();
  private own: BookedRun[] = [];
  private readonly past: PastRun[];
  private readonly shown: number;

  constructor({ runsDir, shownRuns = SHOWN_RUNS, warn }: ShelfOptions) {
    this.shown = shownRuns;
    this.past = runsDir === null ? [] : pastRuns(runsDir, shownRuns, warn);
  }

  /** A run that begins or goes on takes the first place. */
  book(run: BookedRun): void {
    this.own = [run, ...this.own.filter(({ runId }) => runId !== run.runId)].slice(0, this.shown);
  }

  /** The log of a run that begins; those of the oldest runs go. */
  openLog(runId: string): EventLog {
    const log = new EventLog();
    this.logs.set(runId, log);
    const [oldest] = this.logs.keys();
    if (this.logs.size > KEPT_LOGS && oldest !== undefined) this.logs.delete(oldest);
    return log;
  }

  /** What `/metrics` shows, newest first: as many as there is room for, and all that are pinned. */
  retained(): RetainedRun[] {
    const own = this.own.map((run) => run.retained());
    const ids = new Set(own.map(({ run }) => run));
    const earlier = this.past.filter(({ run }) => !ids.has(run.run));
    const newest = earlier.filter(({ pinned }) => !pinned).slice(0, Math.max(0, this.shown - own.length));
    return [...own, ...[...newest, ...earlier.filter(({ pinned }) => pinned)].map(({ run }) => run)];
  }
}
