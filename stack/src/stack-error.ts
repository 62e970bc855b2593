/** What keeps the stack from running, in words for whoever started it. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
