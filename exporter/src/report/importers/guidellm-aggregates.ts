import { emptyAggregate, setScalar, setTime } from './aggregate.js';
import { asNumber, asObject, at, firstNumber, type JsonObject } from './fields.js';
import type { GuideRequest } from './guidellm-requests.js';
import type { AggregateLevel, PublishedFigure, SourceFile, Statistic } from './types.js';

/** One strategy of a file: the aggregates, and the requests that were kept. */
export interface Benchmark {
  file: SourceFile;
  fields: JsonObject;
  requests: GuideRequest[];
}

/** Requests of a strategy by how they ended. */
export function totalsOf(fields: JsonObject): { successful: number; errored: number; incomplete: number } {
  const totals =
    asObject(at(fields, 'metrics', 'request_totals')) ??
    asObject(fields['request_totals']) ??
    asObject(at(fields, 'scheduler_metrics', 'requests_made')) ??
    asObject(at(fields, 'run_stats', 'requests_made')) ??
    {};
  const of = (status: string): number => firstNumber(totals[status], 0);
  return { successful: of('successful'), errored: of('errored'), incomplete: of('incomplete') };
}

/** GuideLLM's own means over its successful requests. */
export function publishedOf({ fields, requests }: Benchmark): PublishedFigure[] {
  const ok = requests.filter(({ status }) => status === 'successful');
  const mean = (of: (request: GuideRequest) => number): number =>
    ok.reduce((sum, request) => sum + of(request), 0) / ok.length;
  const own = (metric: string): number => asNumber(at(fields, 'metrics', metric, 'successful', 'mean'));
  return [
    {
      figure: 'mean TTFT',
      published: own('time_to_first_token_ms') / 1000,
      recomputed: mean(({ start, firstToken }) => firstToken - start),
    },
    {
      figure: 'mean request latency',
      published: own('request_latency'),
      recomputed: mean(({ start, end }) => end - start),
    },
    {
      figure: 'mean inter token latency',
      published: own('inter_token_latency_ms') / 1000,
      recomputed: gapsMean(ok),
    },
    {
      figure: 'mean output tokens',
      published: own('output_token_count'),
      recomputed: mean(({ outputTokens }) => outputTokens),
    },
  ];
}

/** GuideLLM's: weighted by tokens, so that long answers count more. */
function gapsMean(requests: readonly GuideRequest[]): number {
  const several = requests.filter(({ outputTokens }) => outputTokens > 1);
  const seconds = several.reduce((sum, { firstToken, lastToken }) => sum + lastToken - firstToken, 0);
  return seconds / several.reduce((sum, { outputTokens }) => sum + outputTokens - 1, 0);
}

function statistics(distribution: unknown, scale: number): Record<Statistic, number> {
  const of = (...path: string[]): number => asNumber(at(distribution, ...path)) * scale;
  return {
    mean: of('mean'),
    p50: firstNumber(of('percentiles', 'p50'), of('median')),
    p90: of('percentiles', 'p90'),
    p95: of('percentiles', 'p95'),
    p99: of('percentiles', 'p99'),
  };
}

/** A level whose single requests are not in the file. */
export function aggregateLevel({
  load,
  benchmark: { fields },
}: {
  load: number;
  benchmark: Benchmark;
}): AggregateLevel {
  const level = emptyAggregate(load);
  const { successful, errored } = totalsOf(fields);
  level.ok = successful;
  level.completed = successful + errored;
  level.seconds = asNumber(fields['duration']);
  setScalar(level, 'errorRatio', errored / (successful + errored), 'guidellm_error_ratio');
  if (successful === 0) return level;
  const metric = (name: string): unknown => at(fields, 'metrics', name, 'successful');
  const times = (name: string, scale: number): Record<Statistic, number> => statistics(metric(name), scale);
  setTime(
    level,
    'ttft',
    times('time_to_first_token_ms', 0.001),
    'guidellm_ttft',
    asNumber(at(metric('time_to_first_token_ms'), 'count')),
  );
  setTime(level, 'tpot', times('inter_token_latency_ms', 0.001), 'guidellm_itl');
  setTime(
    level,
    'latency',
    times('request_latency', 1),
    'guidellm_latency',
    asNumber(at(metric('request_latency'), 'count')),
  );
  setScalar(level, 'okPerSecond', asNumber(at(metric('requests_per_second'), 'mean')), 'guidellm_requests_per_second');
  setScalar(
    level,
    'outputTokensPerSecond',
    asNumber(at(metric('output_tokens_per_second'), 'mean')),
    'guidellm_output_tokens_per_second',
  );
  setScalar(level, 'inputTokensMean', asNumber(at(metric('prompt_token_count'), 'mean')), 'imported_input_tokens');
  setScalar(level, 'outputTokensMean', asNumber(at(metric('output_token_count'), 'mean')), 'imported_output_tokens');
  return level;
}
