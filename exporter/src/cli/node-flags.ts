import { readFileSync } from 'node:fs';

/**
 * Flags that a process of ours gives to Node; the first line of `bin/sweepscope.js` gives the same. With them V8 collects
 * garbage on the thread whose heap it is, a little at a time. By default it hands parts of the work to helper threads and
 * waits for them: where cores are few they run only after the load, and a pause of 2 ms becomes one of 20 ms in the middle
 * of stamping. They must be there when the process starts: V8 cannot change them later.
 */
export const NODE_FLAGS = JSON.parse(
  readFileSync(new URL('../../bin/node-flags.json', import.meta.url), 'utf8'),
) as readonly string[];
