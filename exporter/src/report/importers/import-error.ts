/** A file that can't be imported: which one, what is wrong with it, and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  constructor(
    readonly file: string,
    problem: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${problem}`, options);
  }
}
