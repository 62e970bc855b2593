import type { Exchange } from './types.js';

/**
 * When an answer was complete: at its last token chunk or its finish chunk, whichever came later. `Clock.now()` seconds;
 * NaN when neither came.
 */
export function completionTime({ lastTokenAt, finishedAt }: Pick<Exchange, 'lastTokenAt' | 'finishedAt'>): number {
  if (Number.isNaN(lastTokenAt)) return finishedAt;
  return Number.isNaN(finishedAt) ? lastTokenAt : Math.max(lastTokenAt, finishedAt);
}
