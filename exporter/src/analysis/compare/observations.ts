import type { RequestRecord, WindowRecord } from '../../measure/records.js';
import { usableWindows } from '../level.js';
import { LevelSample } from '../level-sample.js';
import type { LevelObservations } from './types.js';

const MOST_SLICES = 20;
const LEAST_SLICES = 5;

/**
 * A level's raw observations, pooled over its usable windows. `records` may be those of the whole run. Throughput comes
 * in slices of a window (batch means; Law, Simulation Modeling and Analysis, §9.5.3), each at least as long as a mean
 * request, up to 20 over all windows; tokens of a request are spread evenly from its first to its last.
 */
export function observationsOf(
  levelIndex: number,
  windows: readonly WindowRecord[],
  records: readonly RequestRecord[],
): LevelObservations | null {
  const used = usableWindows(windows.filter(({ level }) => level === levelIndex));
  if (used.length === 0) return null;
  const sample = new LevelSample(used, records);
  if (sample.completed === 0) return null;
  const slices = used.flatMap((window) => slicesOf(window, used, meanOf(sample.latency.data)));
  const enough = slices.length >= LEAST_SLICES;
  return {
    ttft: sample.ttft,
    tpot: sample.tpot,
    latency: sample.latency,
    outputTokensBySlice: enough ? ratesBySlice(slices, records, tokensWithin) : new Float64Array(),
    okBySlice: enough ? ratesBySlice(slices, records, endsWithin) : new Float64Array(),
  };
}

interface Slice {
  from: number;
  to: number;
}

function slicesOf(
  { measureStartedAt, measureEndedAt }: WindowRecord,
  used: readonly WindowRecord[],
  latency: number,
): Slice[] {
  const length = measureEndedAt - measureStartedAt;
  const count = Math.min(Math.floor(MOST_SLICES / used.length), Math.floor(length / latency));
  if (!(count >= 1)) return [];
  return Array.from({ length: count }, (_, index) => ({
    from: measureStartedAt + (index * length) / count,
    to: measureStartedAt + ((index + 1) * length) / count,
  }));
}

function ratesBySlice(
  slices: readonly Slice[],
  records: readonly RequestRecord[],
  within: (record: RequestRecord, slice: Slice) => number,
): Float64Array {
  const ok = records.filter(({ outcome }) => outcome === 'ok');
  return Float64Array.from(slices, (slice) => {
    let total = 0;
    for (const record of ok) total += within(record, slice);
    return total / (slice.to - slice.from);
  });
}

const endsWithin = ({ endedAt }: RequestRecord, { from, to }: Slice): number =>
  endedAt >= from && endedAt < to ? 1 : 0;

function tokensWithin({ firstTokenAt, completedAt, outputTokens }: RequestRecord, { from, to }: Slice): number {
  if (!(outputTokens > 0)) return 0;
  const first = firstTokenAt >= from && firstTokenAt < to ? 1 : 0;
  const overlap = Math.min(to, completedAt) - Math.max(from, firstTokenAt);
  return overlap > 0 ? first + ((outputTokens - 1) * overlap) / (completedAt - firstTokenAt) : first;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
