import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppendLog } from './append-log.js';
import { writeAtomically } from './atomic-file.js';
import { makeRunFolder } from './make-folder.js';
import { RequestsReader, type RequestsLog } from './requests-log.js';
import { StoreError } from './store-error.js';

export const RUN_FILES = {
  spec: 'spec.yaml',
  result: 'result.json',
  requests: 'requests.jsonl',
  timeline: 'timeline.jsonl',
  telemetry: 'telemetry.jsonl',
  report: 'report.md',
  pinned: 'pinned',
} as const;

/** The folder of a run that is being written: logs that grow, and files that are replaced whole. */
export class RunFolder {
  readonly requests: AppendLog;
  readonly timeline: AppendLog;
  private telemetryLog: AppendLog | null = null;

  private constructor(readonly dir: string) {
    this.requests = new AppendLog(join(dir, RUN_FILES.requests));
    this.timeline = new AppendLog(join(dir, RUN_FILES.timeline));
  }

  /** Makes the folder of a new run. @throws StoreError when it can't be written, or exists */
  static create(baseDir: string, runId: string, specYaml: string): RunFolder {
    const folder = new RunFolder(makeRunFolder(baseDir, runId));
    folder.write('spec', specYaml);
    return folder;
  }

  /** Opens the folder of a run that was interrupted, to go on with it. @throws StoreError */
  static reopen(dir: string): RunFolder {
    if (!existsSync(join(dir, RUN_FILES.spec))) {
      throw new StoreError(dir, 'is not the folder of a run (it has no spec.yaml)', 'name a folder below runs/');
    }
    endTornLine(join(dir, RUN_FILES.requests));
    endTornLine(join(dir, RUN_FILES.timeline));
    endTornLine(join(dir, RUN_FILES.telemetry));
    return new RunFolder(dir);
  }

  /** Made when it is first asked for: not every run scrapes something. @throws StoreError */
  get telemetry(): AppendLog {
    this.telemetryLog ??= new AppendLog(this.path('telemetry'));
    return this.telemetryLog;
  }

  path(file: keyof typeof RUN_FILES): string {
    return join(this.dir, RUN_FILES[file]);
  }

  /** Replaces a file whole. @throws StoreError */
  write(file: 'spec' | 'result' | 'report', text: string): void {
    writeAtomically(this.path(file), text);
  }

  flush(): void {
    this.requests.flush();
    this.timeline.flush();
    this.telemetryLog?.flush();
  }

  close(): void {
    try {
      this.requests.close();
    } finally {
      try {
        this.timeline.close();
      } finally {
        this.telemetryLog?.close();
      }
    }
  }
}

/** A line that a crash has torn is closed, so that the next event begins a line of its own. */
function endTornLine(path: string): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  if (bytes.length === 0 || bytes.at(-1) === 0x0a) return;
  const log = new AppendLog(path);
  log.line('');
  log.close();
}

/** Everything in a run's `requests.jsonl`; empty where there is none. */
export async function readRequests(dir: string): Promise<RequestsLog> {
  const reader = new RequestsReader();
  for await (const line of linesOf(join(dir, RUN_FILES.requests))) reader.add(line);
  return reader.end();
}

/** The lines of a run's `timeline.jsonl`. */
export async function readTimeline(dir: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(join(dir, RUN_FILES.timeline))) lines.push(line);
  return lines;
}

/** The lines of a run's `telemetry.jsonl`; none where nothing was scraped. */
export async function readTelemetry(dir: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(join(dir, RUN_FILES.telemetry))) lines.push(line);
  return lines;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  if (!existsSync(path)) return;
  yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
}
