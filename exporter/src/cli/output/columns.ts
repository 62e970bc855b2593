import type { LevelResult } from '../../analysis/level-result.js';
import type { LiveStats } from '../../sweep/events.js';
import { MISSING, count, milliseconds, percentage, rate, seconds } from './format.js';

/** A column of figures. */
export interface Column {
  /** Stands above the titles of neighbouring columns, with the unit; empty: the title says all. */
  group: string;
  title: string;
  width: number;
  /** Where the terminal is narrow, columns of a higher rank go first. */
  rank: number;
  ofResult(result: LevelResult): string;
  ofLive(live: LiveStats): string;
}

const none = (): string => MISSING;

const COLUMNS: readonly Column[] = [
  {
    ...{ group: 'TTFT ms', title: 'p50', width: 7, rank: 0 },
    ofResult: ({ ttft }) => milliseconds(ttft.p50.value),
    ofLive: ({ ttftP50 }) => milliseconds(ttftP50),
  },
  {
    ...{ group: 'TTFT ms', title: 'p95', width: 7, rank: 1 },
    ofResult: ({ ttft }) => milliseconds(ttft.p95.value),
    ofLive: ({ ttftP95 }) => milliseconds(ttftP95),
  },
  {
    ...{ group: 'TPOT ms', title: 'p50', width: 8, rank: 6 },
    ofResult: ({ tpot }) => milliseconds(tpot.p50.value),
    ofLive: ({ tpotP50 }) => milliseconds(tpotP50),
  },
  {
    ...{ group: 'TPOT ms', title: 'p95', width: 7, rank: 9 },
    ofResult: ({ tpot }) => milliseconds(tpot.p95.value),
    ofLive: none,
  },
  {
    ...{ group: 'E2E s', title: 'p50', width: 7, rank: 4 },
    ofResult: ({ latency }) => seconds(latency.p50.value),
    ofLive: ({ latencyP50 }) => seconds(latencyP50),
  },
  {
    ...{ group: 'E2E s', title: 'p95', width: 6, rank: 8 },
    ofResult: ({ latency }) => seconds(latency.p95.value),
    ofLive: none,
  },
  {
    ...{ group: '', title: 'err %', width: 7, rank: 5 },
    ofResult: ({ errorRatio }) => percentage(errorRatio),
    ofLive: ({ errorRatio }) => percentage(errorRatio),
  },
  {
    ...{ group: '', title: 'req/s', width: 7, rank: 3 },
    ofResult: ({ requestsPerSecond }) => rate(requestsPerSecond),
    ofLive: ({ requestsPerSecond }) => rate(requestsPerSecond),
  },
  {
    ...{ group: '', title: 'tok/s', width: 7, rank: 2 },
    ofResult: ({ outputTokensPerSecond }) => count(outputTokensPerSecond),
    ofLive: ({ outputTokensPerSecond }) => count(outputTokensPerSecond),
  },
  {
    ...{ group: '', title: 'n', width: 6, rank: 7 },
    ofResult: ({ completed }) => count(completed),
    ofLive: none,
  },
];

/** The most important columns that fit into `width`, in their usual order. */
export function columnsWithin(width: number): Column[] {
  const chosen = new Set<Column>();
  let left = width;
  for (const column of COLUMNS.toSorted((a, b) => a.rank - b.rank)) {
    if (column.width > left) break;
    chosen.add(column);
    left -= column.width;
  }
  return COLUMNS.filter((column) => chosen.has(column));
}
