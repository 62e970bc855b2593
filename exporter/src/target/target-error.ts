/** What makes a target unusable, found before any load. */
export type TargetErrorKind =
  | 'configuration'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'unauthorized'
  | 'model_not_found'
  | 'bad_request'
  | 'server_error'
  | 'not_streaming'
  | 'not_openai';

/** A target that can't be used, with a message for people: what was wrong, where, and what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';

  constructor(
    readonly kind: TargetErrorKind,
    message: string,
  ) {
    super(message);
  }
}
