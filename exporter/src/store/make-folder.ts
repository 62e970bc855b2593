import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { storeError } from './store-error.js';

/** Makes the folder of a new run, and those above it. @throws StoreError when it can't be written, or exists */
export function makeRunFolder(baseDir: string, runId: string): string {
  const dir = join(baseDir, runId);
  try {
    makeFolders(resolve(baseDir));
    mkdirSync(dir);
  } catch (error) {
    throw storeError(dir, 'create it', error);
  }
  return dir;
}

/** One by one from above: Node's own `recursive` never returns where a file system refuses with ENOENT, as /proc does. */
function makeFolders(dir: string): void {
  if (existsSync(dir)) return;
  makeFolders(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
