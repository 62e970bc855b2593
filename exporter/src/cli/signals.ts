const ENDING = ['SIGINT', 'SIGTERM'] as const;
type EndingSignal = (typeof ENDING)[number];

/**
 * Calls back at each SIGINT and SIGTERM, counting from 1; the process does not end by itself. The function that it gives
 * ends the listening.
 */
export function onSignal(callback: (signal: EndingSignal, count: number) => void): () => void {
  let count = 0;
  const listener = (signal: EndingSignal): void => callback(signal, ++count);
  for (const signal of ENDING) process.on(signal, listener);
  return () => {
    for (const signal of ENDING) process.off(signal, listener);
  };
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignalled(): Promise<EndingSignal> {
  return new Promise((resolve) => {
    onSignal((signal, count) => {
      if (count > 1) process.exit(1);
      resolve(signal);
    });
  });
}
