/** The run folder can't be read or written: where, why, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly path: string,
    problem: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${problem}; ${hint}`, options);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, or choose another folder with output.dir',
  EACCES: 'choose a folder that this user may write with output.dir',
  EEXIST: 'something of this name is in the way: choose another folder with output.dir',
  EPERM: 'choose a folder that this user may write with output.dir',
  EROFS: 'this file system is read-only: choose another folder with output.dir',
  ENOTDIR: 'a part of the path is a file: choose another folder with output.dir',
  ENOENT: 'check the path',
  EMFILE: 'too many open files: raise the limit with ulimit -n',
};

/** Wraps an error of the file system. */
export function storeError(path: string, doing: string, cause: unknown): StoreError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(path, `cannot ${doing}: ${why}`, HINTS[code] ?? 'check the folder and its file system', {
    cause,
  });
}
