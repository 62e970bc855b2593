/** What a command's exit code means; the same for all commands, modelled on k6. */
export const EXIT = {
  ok: 0,
  usage: 1,
  targetUnreachable: 2,
  aborted: 3,
  sloMissed: 99,
  regression: 99,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
