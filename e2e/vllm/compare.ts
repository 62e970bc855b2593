import { latencySeconds, tpotSeconds, ttftSeconds } from '../../exporter/src/measure/request-times.js';
import type { RequestRecord } from '../../exporter/src/measure/records.js';
import { readRequests } from '../../exporter/src/store/run-folder.js';
import { gained, meanBetween } from './exposition.js';
import type { ServerWindow, WatchedSweep } from './sweep.js';

/** One check: what was compared, and whether it holds. */
export interface Comparison {
  what: string;
  client: number;
  server: number;
  pass: boolean;
}

/** Client above server by at most this much, or this share of the server's figure. */
const MOST_SECONDS = 0.01;
const MOST_RATIO = 0.02;

/** Requests and tokens of the whole run, idle to idle: equal to the server's counters, exactly. */
export async function compareTotals(sweep: WatchedSweep): Promise<Comparison[]> {
  const { records } = await readRequests(sweep.dir);
  const sum = (read: (record: RequestRecord) => number): number =>
    records.reduce((total, record) => total + read(record), 0);
  const exact = (what: string, client: number, counter: string): Comparison => {
    const server = gained(counter, sweep.before, sweep.after);
    return { what, client, server, pass: client === server };
  };
  const failed = records.filter((record) => record.outcome !== 'ok').length;
  return [
    { what: 'failed requests', client: failed, server: 0, pass: failed === 0 },
    exact('requests', records.length, 'vllm:request_success_total'),
    exact(
      'input tokens',
      sum((record) => record.inputTokens),
      'vllm:prompt_tokens_total',
    ),
    exact(
      'output tokens',
      sum((record) => record.outputTokens),
      'vllm:generation_tokens_total',
    ),
  ];
}

export interface LevelComparison {
  load: number;
  requests: number;
  ttft: Comparison;
  tpot: Comparison;
  latency: Comparison;
  /** Mean of the server's own queue time, seconds. */
  queueSeconds: number;
}

/** Means of each level beside the server's own `_sum` ÷ `_count` between the same two moments. */
export async function compareLevels(sweep: WatchedSweep): Promise<LevelComparison[]> {
  const { records, segments } = await readRequests(sweep.dir);
  const startedEpoch = segments[0]!.epoch - segments[0]!.at;
  return sweep.windows.map((window) => compareLevel(window, records, startedEpoch));
}

function compareLevel(window: ServerWindow, records: readonly RequestRecord[], startedEpoch: number): LevelComparison {
  const { load, from, to } = window;
  const inside = (at: number): boolean => startedEpoch + at >= from.at && startedEpoch + at < to.at;
  const begun = records.filter((record) => inside(record.firstTokenAt));
  const ended = records.filter((record) => inside(record.endedAt));
  const near = (what: string, values: readonly number[], histogram: string): Comparison => {
    const client = mean(values.filter(Number.isFinite));
    const server = meanBetween(histogram, from, to);
    return { what, client, server, pass: client - server <= Math.max(MOST_SECONDS, MOST_RATIO * server) };
  };
  return {
    load,
    requests: ended.length,
    ttft: near('TTFT', begun.map(ttftSeconds), 'vllm:time_to_first_token_seconds'),
    tpot: near('TPOT', ended.map(tpotSeconds), 'vllm:request_time_per_output_token_seconds'),
    latency: near('E2E', ended.map(latencySeconds), 'vllm:e2e_request_latency_seconds'),
    queueSeconds: meanBetween('vllm:request_queue_time_seconds', from, to),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
