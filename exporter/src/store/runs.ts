import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { RUN_FILES } from './run-folder.js';
import { isRunId } from './run-id.js';
import { StoreError, storeError } from './store-error.js';

/** A run's folder as found on disk. */
export interface StoredRun {
  id: string;
  dir: string;
  pinned: boolean;
  bytes: number;
}

/** The runs below a folder, newest first; none where the folder does not exist. @throws StoreError */
export function listRuns(baseDir: string): StoredRun[] {
  if (!existsSync(baseDir)) return [];
  try {
    const names = readdirSync(baseDir, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && isRunId(entry.name),
    );
    return names.map(({ name }) => storedRun(baseDir, name)).sort((a, b) => (a.id < b.id ? 1 : -1));
  } catch (error) {
    throw storeError(baseDir, 'list its runs', error);
  }
}

/** The folder of a run named by its path or its id. @throws StoreError that names the runs there are */
export function findRun(baseDir: string, pathOrId: string): string {
  const candidates = [resolve(pathOrId), join(resolve(baseDir), pathOrId)];
  const found = candidates.find((dir) =>
    [RUN_FILES.spec, RUN_FILES.result].some((file) => existsSync(join(dir, file))),
  );
  if (found !== undefined) return found;
  const known = listRuns(baseDir).slice(0, 5);
  const hint =
    known.length === 0 ? `there are no runs in ${baseDir}` : `${baseDir} has: ${known.map((run) => run.id).join(', ')}`;
  throw new StoreError(pathOrId, 'is neither the folder nor the id of a run', hint);
}

/** The text of a run's `result.json`; null before one was written. @throws StoreError */
export function readResultText(dir: string): string | null {
  const path = join(dir, RUN_FILES.result);
  if (!existsSync(path)) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw storeError(path, 'read it', error);
  }
}

/** @throws StoreError */
export function readSpecText(dir: string): string {
  const path = join(dir, RUN_FILES.spec);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw storeError(path, 'read it', error);
  }
}

/** Keeps a run whatever the limits, or takes that back. @throws StoreError */
export function setPinned(dir: string, pinned: boolean): void {
  const path = join(dir, RUN_FILES.pinned);
  try {
    if (pinned) writeFileSync(path, '');
    else rmSync(path, { force: true });
  } catch (error) {
    throw storeError(path, 'write it', error);
  }
}

/**
 * Removes the oldest runs beyond `keepRuns` in number or `keepBytes` in size; never a pinned one, nor `except`. Returns
 * the ids of those removed. @throws StoreError
 */
export function removeOldRuns(baseDir: string, keepRuns: number, keepBytes: number, except: string): string[] {
  const removed: string[] = [];
  let runs = 0;
  let bytes = 0;
  for (const run of listRuns(baseDir)) {
    if (run.pinned) continue;
    runs += 1;
    bytes += run.bytes;
    if (run.id === except || (runs <= keepRuns && bytes <= keepBytes)) continue;
    rmSync(run.dir, { recursive: true, force: true });
    removed.push(run.id);
  }
  return removed;
}

function storedRun(baseDir: string, name: string): StoredRun {
  const dir = join(baseDir, name);
  const files = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(join(dir, file.name)).size, 0);
  return { id: basename(dir), dir, pinned: files.some((file) => file.name === RUN_FILES.pinned), bytes };
}
