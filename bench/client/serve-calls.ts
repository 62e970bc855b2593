import type { AnswerMessage, CallMap, CallMessage, Handlers, Usage } from './calls.js';

/** Answers the parent process's calls, one handler each; ends this process when the parent is gone. */
export function serveCalls<C extends CallMap<C>>(handlers: Handlers<C>): void {
  const answer = async ({ id, call, argument }: CallMessage): Promise<AnswerMessage> => {
    try {
      const handler = new Map(Object.entries(handlers)).get(call) as ((argument: unknown) => unknown) | undefined;
      if (handler === undefined) throw new Error(`there is no call "${call}"`);
      return { id, answer: await handler(argument) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (message: CallMessage) => void answer(message).then((reply) => process.send?.(reply)));
  process.on('disconnect', () => process.exit());
}

/** This process's use of the machine. */
export function ownUsage(now: number, inFlight: number): Usage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    at: now,
    cpuSeconds: (user + system) / 1e6,
    rssBytes: rss,
    heapUsedBytes: heapUsed,
    externalBytes: external,
    inFlight,
  };
}
