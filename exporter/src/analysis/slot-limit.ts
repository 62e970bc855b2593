import { student975 } from './student.js';
import type { LevelPoint } from './level-reading.js';

/** Requests that the server works on at once, as the waiting times speak for. */
export interface SlotLimit {
  slots: number;
  /** 95 % interval; the neighbouring levels' loads where a single level waits. */
  lower: number;
  upper: number;
  /** TTFT p50 while nothing waits, seconds. */
  baseSeconds: number;
  /** Median of |predicted − observed| ÷ observed TTFT over the waiting levels. */
  error: number;
}

/** TTFT p50 beyond this factor of the base is waiting. */
const WAITING_FACTOR = 3;
/** The law must predict the waiting levels' TTFT this well, in the median, or it is not a slot limit. */
const MOST_ERROR = 0.25;

/** (N − S)/X + base: TTFT when N users share S slots at X requests per second; the base alone below S. Seconds. */
export function predictedTtft(
  limit: Pick<SlotLimit, 'slots' | 'baseSeconds'>,
  load: number,
  perSecond: number,
): number {
  return limit.baseSeconds + Math.max(0, load - limit.slots) / perSecond;
}

/**
 * Slots from the waiting law of a closed loop (Little 1961): each level whose TTFT p50 has left the base says
 * S = N − X (TTFT − base), X all completions per second. Their mean is weighted by 1/(N − S)², since the error of X
 * weighs in with N − S. null: no level waits, a higher level waits less than a lower one does, or the law does not fit
 * what was seen. `points` by ascending load; closed loop only.
 */
export function inferSlotLimit(points: readonly LevelPoint[]): SlotLimit | null {
  const known = points.filter(({ ttftP50, requestsPerSecond }) => ttftP50 > 0 && requestsPerSecond > 0);
  const base = known[0]?.ttftP50 ?? NaN;
  const first = known.findIndex(({ ttftP50 }) => ttftP50 > WAITING_FACTOR * base);
  if (first < 1) return null;
  const waiting = known.slice(first);
  if (waiting.some(({ ttftP50 }) => ttftP50 <= WAITING_FACTOR * base)) return null;
  const flat = known.slice(0, first);
  const baseSeconds = median(flat.map(({ ttftP50 }) => ttftP50));
  const slots = weightedSlots(waiting, baseSeconds);
  if (slots === null || !(slots.value > 0) || slots.value > waiting[0]!.load) return null;
  const limit = { slots: slots.value, baseSeconds };
  const error = median(
    waiting.map(({ load, requestsPerSecond, ttftP50 }) =>
      Math.abs(predictedTtft(limit, load, requestsPerSecond) / ttftP50 - 1),
    ),
  );
  if (error > MOST_ERROR) return null;
  const alone = waiting.length === 1;
  return {
    ...limit,
    lower: alone ? flat.at(-1)!.load : slots.value - slots.halfWidth,
    upper: alone ? waiting[0]!.load : slots.value + slots.halfWidth,
    error,
  };
}

function weightedSlots(
  waiting: readonly LevelPoint[],
  baseSeconds: number,
): { value: number; halfWidth: number } | null {
  const each = waiting.map(({ load, requestsPerSecond, ttftP50 }) => {
    const queued = requestsPerSecond * (ttftP50 - baseSeconds);
    return { slots: load - queued, weight: 1 / (queued * queued) };
  });
  const total = each.reduce((sum, { weight }) => sum + weight, 0);
  if (!Number.isFinite(total) || total <= 0) return null;
  const value = each.reduce((sum, { slots, weight }) => sum + weight * slots, 0) / total;
  const spread = each.reduce((sum, { slots, weight }) => sum + weight * (slots - value) ** 2, 0);
  const freedom = each.length - 1;
  const halfWidth = freedom > 0 ? student975(freedom) * Math.sqrt(spread / freedom / total) : NaN;
  return { value, halfWidth };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
