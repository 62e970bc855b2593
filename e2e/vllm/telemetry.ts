import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResult } from '../../exporter/src/report/parse-result.js';
import type { RunResult } from '../../exporter/src/report/result-schema.js';
import { gained } from './exposition.js';
import type { ServerWindow, WatchedSweep } from './sweep.js';

/** What holds, or does not, between our figures of the server's side and the server's own. */
export interface TelemetryCheck {
  text: string;
  pass: boolean;
}

/** Roles that this vLLM tells; `max_num_seqs`, speculation and the older gauges are not among them. */
const ROLES = [
  ...['requests_running', 'requests_waiting', 'kv_usage_ratio', 'process_start_seconds', 'preemptions_total'],
  ...['prompt_tokens_total', 'output_tokens_total', 'cached_tokens_total', 'cache_lookups_total', 'cache_hits_total'],
  ...['requests_finished_total', 'queue_seconds_sum', 'ttft_seconds_sum', 'prefill_seconds_sum', 'request_seconds_sum'],
];
/** Our window's edges and the test's own readings of the counters lie some milliseconds apart. */
const MOST_RATIO = 0.03;
/** So requests may fall on different sides of them, as many at once as end in step: all of the server's slots. */
const MOST_IN_STEP = 8;

/** What limits the server from which load on, and how the report is to name that. */
export interface ExpectedCause {
  /** Highest load at which nothing waits. */
  free: number;
  cause: NonNullable<RunResult['analysis']>['levels'][number]['causes'][number]['cause'];
  /** Must stand in the cause's text. */
  text: string;
}

/** The run's telemetry beside the counters that the test read itself at the windows' edges. */
export function checkTelemetry(sweep: WatchedSweep, expected: ExpectedCause): TelemetryCheck[] {
  const path = join(sweep.dir, 'result.json');
  const result = parseResult(readFileSync(path, 'utf8'), path);
  return [
    rolesFound(result),
    ...sweep.windows.flatMap((window, index) => ratesAgree(result, window, index)),
    ...result.levels.map((level) => waitingSeen(level, expected)),
    ...causesNamed(result, expected),
  ];
}

function rolesFound({ telemetry }: RunResult): TelemetryCheck {
  const matched = telemetry?.matched['target'] ?? {};
  const missing = ROLES.filter((role) => !(role in matched));
  return {
    text: `roles found: ${missing.length === 0 ? 'all' : `all but ${missing.join(', ')}`}`,
    pass: missing.length === 0,
  };
}

function ratesAgree(result: RunResult, { load, from, to }: ServerWindow, index: number): TelemetryCheck[] {
  const seen = result.windows[index]?.telemetry;
  const rate = (counter: string): number => gained(counter, from, to) / (to.at - from.at);
  const pairs: [string, number | null | undefined, number][] = [
    ['output tokens/s', seen?.outputTokensPerSecond, rate('vllm:generation_tokens_total')],
    ['prompt tokens/s', seen?.promptTokensPerSecond, rate('vllm:prompt_tokens_total')],
    ['requests/s', seen?.requestsFinishedPerSecond, rate('vllm:request_success_total')],
  ];
  const inStep = Math.min(load, MOST_IN_STEP) / gained('vllm:request_success_total', from, to);
  const most = Math.max(MOST_RATIO, inStep);
  return pairs.map(([what, ours, theirs]) => ({
    text: `${load} users: ${what} ${ours?.toFixed(2) ?? 'unknown'} / ${theirs.toFixed(2)}`,
    pass: ours != null && Math.abs(ours / theirs - 1) <= most,
  }));
}

function waitingSeen({ load, telemetry }: RunResult['levels'][number], { free }: ExpectedCause): TelemetryCheck {
  const share = telemetry?.waitingShare ?? null;
  const pass = share !== null && (load > free ? share >= 0.5 : share === 0);
  return {
    text: `${load} users: requests waited in ${share === null ? 'unknown' : `${(100 * share).toFixed(0)} %`} of the samples`,
    pass,
  };
}

function causesNamed({ analysis }: RunResult, expected: ExpectedCause): TelemetryCheck[] {
  const levels = analysis?.levels ?? [];
  return levels.map(({ load, causes }) => {
    const named = causes.find(({ cause }) => cause === expected.cause);
    const pass = load > expected.free ? (named?.text.includes(expected.text) ?? false) : named === undefined;
    return { text: `${load} users: ${causes.map(({ text }) => text).join('; ') || 'no cause'}`, pass };
  });
}

/** Keeps the server's page as a fixture: with real names, types and labels, whatever its version. */
export async function recordPage(url: string, file: string): Promise<void> {
  const response = await fetch(`${url}/metrics`);
  writeFileSync(file, await response.text());
}
