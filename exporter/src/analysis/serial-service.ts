import type { LevelResult } from './level-result.js';
import { sayNumber, sayTime } from './in-words.js';
import { pointOf, throughputOf } from './level-reading.js';

/** Throughput that is flat from the first level on. */
export interface SerialService {
  requestsPerSecond: number;
  text: string;
}

/** The loads must span at least this factor for flatness to mean anything. */
const LEAST_SPAN = 2;
/** More requests answered at once than this are not one after the other. */
const MOST_PARALLEL = 2;

/**
 * Serial service: from the lowest level on, more users get no more throughput, so each waits for all others. Where TTFT
 * and latency are known, the requests being answered at once, X (E2E − TTFT) by Little's law, tell a server that works
 * on one at a time from one that is full below the lowest level, which is not called serial. `levels` valid, by load.
 */
export function detectSerialService(levels: readonly LevelResult[], flatWithin: number): SerialService | null {
  const known = levels.filter((level) => throughputOf(level) > 0);
  const first = known[0];
  const last = known.at(-1);
  if (known.length < 2 || last!.load < LEAST_SPAN * first!.load) return null;
  const rates = known.map(throughputOf);
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  if (most / least - 1 > flatWithin) return null;
  const atOnce = Math.max(...known.map(answeredAtOnce).filter(Number.isFinite), -Infinity);
  if (atOnce > MOST_PARALLEL) return null;
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const growth = known.every((level) => Number.isFinite(level.latency.p50.value))
    ? ` E2E p50 grows from ${sayTime(first!.latency.p50.value)} to ${sayTime(last!.latency.p50.value)}.`
    : '';
  const seen = Number.isFinite(atOnce) ? `; at most ${sayNumber(atOnce)} answered at once` : '';
  return {
    requestsPerSecond: mean,
    text:
      `Requests are served one after the other: throughput is ${sayNumber(least)}–${sayNumber(most)} per second from ` +
      `${sayNumber(first!.load)} to ${sayNumber(last!.load)} users, ${sayTime(1 / mean)} a request whatever the load${seen}.${growth}`,
  };
}

/** Mean requests between first token and end, X (E2E − TTFT); NaN unknown. */
function answeredAtOnce(level: LevelResult): number {
  return pointOf(level).okPerSecond * (level.latency.p50.value - level.ttft.p50.value);
}
