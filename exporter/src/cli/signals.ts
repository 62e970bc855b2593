const ENDING = ['SIGINT', 'SIGTERM'] as const;
type EndingSignal = (typeof ENDING)[number];

/** Calls back at each SIGINT and SIGTERM, counting from 1; the process does not end by itself. */
export function onSignal(callback: (signal: EndingSignal, count: number) => void): void {
  let count = 0;
  for (const signal of ENDING) process.on(signal, () => callback(signal, ++count));
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
