import { z } from 'zod';

/** Ways for one request to go wrong; see `faultSchema` for what each does. */
export const FAULTS = [
  'truncate',
  'malformed',
  'stall',
  'reset',
  'empty',
  'slow_first_token',
  'http_429',
  'http_500',
] as const;

/**
 * One fault, as the extra body field `sim` of a request or as the simulator's option:
 * - `truncate`: after `afterTokens` tokens the response ends properly, but without finish_reason and `[DONE]`;
 * - `malformed`: after `afterTokens` tokens comes one event that is no JSON; the rest follows as usual;
 * - `stall`: after `afterTokens` tokens nothing more is sent and the connection stays open;
 * - `reset`: after `afterTokens` tokens the connection is reset;
 * - `empty`: a complete answer without any token;
 * - `slow_first_token`: the request waits `delaySeconds` before it is handed to the engine;
 * - `http_429` (with `Retry-After: <delaySeconds>`), `http_500`: an error instead of an answer.
 *
 * A request that is not streamed breaks the same way with its one body (`truncate` and `reset`: half of it).
 */
export const faultSchema = z.strictObject({
  fault: z.enum(FAULTS),
  /** Tokens that still arrive properly. */
  afterTokens: z.int().min(0).default(3),
  delaySeconds: z.number().min(0).max(3600).default(1),
});
export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

/** A fault for one request in `every` (1: all), counted from the first; a request's own `sim` goes before it. */
export type FaultOption = FaultInput & { every?: number };

/** Chooses the fault of each request in turn. */
export function faultCycle(option: FaultOption | undefined): () => Fault | null {
  if (option === undefined) return () => null;
  const { every = 1, ...input } = option;
  const fault = faultSchema.parse(input);
  let requests = 0;
  return () => (requests++ % every === 0 ? fault : null);
}
