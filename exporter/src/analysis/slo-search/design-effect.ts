import { effectiveSize } from '../sample.js';

/** Stretches of time into which a level's requests are cut to see how much neighbours in time resemble each other. */
const STRETCHES = { least: 4, most: 20 };

/** Requests of one level that were decided, in columns: hit 1 or miss 0, conversation number, start (seconds). */
export interface Outcomes {
  hits: Float64Array;
  conversations: Uint32Array;
  startedAt: Float64Array;
}

/**
 * By how much the outcomes vary more than independent ones would: the larger of two design effects (Kish 1965), that of
 * conversations as clusters and that of stretches of time as clusters (batch means, Law and Kelton 2000, §9.5.3), since
 * requests that share the server at the same time tend to hit or miss together. A stretch is at least `turnover` seconds
 * long, the mean time in which each user's request is replaced by another, as far as there are four stretches. At least 1.
 */
export function designEffect({ hits, conversations, startedAt }: Outcomes, turnover: number): number {
  const n = hits.length;
  if (n === 0) return 1;
  const share = hits.reduce((sum, hit) => sum + hit, 0) / n;
  const centred = (index: number): number => hits[index]! - share;
  const variance = share * (1 - share);
  const byConversation = n / effectiveSize(conversations, centred, variance);
  if (variance === 0) return byConversation;
  const { stretches, of } = cut(startedAt, turnover);
  // The variance from few stretches is itself uncertain; on average it errs by the square root of 2 ÷ (stretches − 1).
  const uncertainty = 1 + Math.sqrt(2 / (stretches - 1)) / 2;
  const byTime = (n / effectiveSize(of, centred, variance)) * uncertainty;
  return Math.max(1, byConversation, byTime);
}

function cut(startedAt: Float64Array, turnover: number): { stretches: number; of: Uint32Array } {
  let [first, last] = [Infinity, -Infinity];
  for (const at of startedAt) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const whole = Math.floor((last - first) / turnover);
  const stretches = Math.min(STRETCHES.most, Math.max(STRETCHES.least, Number.isFinite(whole) ? whole : 0));
  const length = (last - first) / stretches;
  const of = Uint32Array.from(startedAt, (at) =>
    length > 0 ? Math.min(stretches - 1, Math.floor((at - first) / length)) : 0,
  );
  return { stretches, of };
}
