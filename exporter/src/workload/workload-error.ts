/** A workload that can't be built: what is wrong, where, and what to do. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';

  /**
   * @param path the file (with its line, where known) or the spec's key that is wrong
   * @param problem what is wrong with it
   * @param hint what to do about it
   */
  constructor(
    readonly path: string,
    readonly problem: string,
    readonly hint: string,
  ) {
    super(`${path}: ${problem}; ${hint}`);
  }
}

/** The message of anything thrown, errors of other realms included. */
export function messageOf(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  return isError && typeof error.message === 'string' ? error.message : String(error);
}
