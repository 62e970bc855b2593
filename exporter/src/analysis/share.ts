import type { Estimate } from './level-result.js';
import { NO_ESTIMATE } from './quantiles.js';
import { effectiveSize } from './sample.js';
import { NORMAL_975 } from './student.js';

/**
 * Share with Wilson's score interval (Wilson 1927): never outside 0–1 and honest at 0 % and 100 %. `effectiveN`: how
 * many independent values the n are worth.
 */
export function wilsonShare(good: number, n: number, effectiveN = n): Estimate {
  if (n === 0) return NO_ESTIMATE;
  const p = good / n;
  const z2 = NORMAL_975 ** 2;
  const centre = p + z2 / (2 * effectiveN);
  const spread = NORMAL_975 * Math.sqrt((p * (1 - p)) / effectiveN + z2 / (4 * effectiveN ** 2));
  const scale = 1 + z2 / effectiveN;
  const lower = good === 0 ? 0 : Math.max(0, (centre - spread) / scale);
  const upper = good === n ? 1 : Math.min(1, (centre + spread) / scale);
  return { value: p, n, lower, upper, warning: null };
}

/**
 * Share of ones among `hits` (0 or 1), whose values belong to conversations: Wilson's interval at the effective sample
 * size, since the requests of one conversation tend to hit or miss together. Where all hit or all miss, every
 * conversation counts once.
 */
export function shareByConversation(hits: Float64Array, blocks: Uint32Array): Estimate {
  let good = 0;
  for (const hit of hits) good += hit;
  const p = good / hits.length;
  return wilsonShare(
    good,
    hits.length,
    effectiveSize(blocks, (index) => hits[index]! - p, p * (1 - p)),
  );
}
