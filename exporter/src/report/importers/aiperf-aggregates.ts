import { tpotSeconds } from '../../measure/request-times.js';
import type { RequestRecord } from '../../measure/records.js';
import { emptyAggregate, setScalar, setTime } from './aggregate.js';
import { inSecondsByUnit } from './aiperf-records.js';
import { asNumber, asObject, at, firstNumber, type JsonObject } from './fields.js';
import type { ForeignDefinition } from './definitions.js';
import { ImportError } from './import-error.js';
import type { AggregateLevel, PublishedFigure, SourceFile, Statistic, TimeMetric } from './types.js';

/** AIPerf's metrics by tag: `unit`, `avg`, `p50` … where they have a distribution. */
export interface MetricTags {
  file: SourceFile;
  tags: ReadonlyMap<string, JsonObject>;
}

/** Metrics of the JSON: at the top since late 2025, below `records` before. @throws ImportError when there are none */
export function jsonTags(top: JsonObject, file: SourceFile): MetricTags {
  const holder = asObject(top['records']) ?? top;
  const tags = Object.entries(holder).flatMap(([tag, value]) => {
    const metric = asObject(value);
    return metric !== null && typeof metric['unit'] === 'string' ? [[tag, metric] as const] : [];
  });
  if (tags.length === 0)
    throw new ImportError(file.name, 'has no metric', 'AIPerf writes them when the run has ended: was it cut off?');
  return { file, tags: new Map(tags) };
}

const CSV_TAGS: Readonly<Record<string, string>> = {
  'time to first token': 'time_to_first_token',
  'request latency': 'request_latency',
  'inter token latency': 'inter_token_latency',
  'inter chunk latency': 'inter_chunk_latency',
  'output sequence length': 'output_sequence_length',
  'input sequence length': 'input_sequence_length',
  'output token throughput': 'output_token_throughput',
  'request throughput': 'request_throughput',
  'request count': 'request_count',
  'error request count': 'error_request_count',
  'benchmark duration': 'benchmark_duration',
};

/** Metrics of the CSV, which has a table with distributions and one of single values. @throws ImportError when there are none */
export function csvTags(text: string, file: SourceFile): MetricTags {
  const tags = new Map<string, JsonObject>();
  let header: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const cells = line
      .replace(/^\uFEFF/, '')
      .split(',')
      .map((cell) => cell.replace(/^"|"$/g, '').trim());
    if (cells[0] === 'Metric') header = cells.map((cell) => (cell === 'Value' ? 'avg' : cell));
    else if (cells[0] === '' || cells[0] === 'Endpoint') header = cells[0] === '' ? header : [];
    else {
      const [, title = cells[0]!, unit = ''] = /^(.*?)(?: \(([^()]*)\))?$/.exec(cells[0]!) ?? [];
      const tag = CSV_TAGS[title.toLowerCase()];
      if (tag === undefined || header.length === 0) continue;
      const values = header
        .slice(1)
        .map((name, index) => [name, cells[index + 1] === '' ? NaN : Number(cells[index + 1])] as const);
      tags.set(tag, { unit, ...Object.fromEntries(values) });
    }
  }
  if (tags.size === 0)
    throw new ImportError(file.name, 'has no metric that is known', 'give the file that AIPerf wrote, unchanged');
  return { file, tags };
}

const TIMES: readonly [TimeMetric, string, ForeignDefinition][] = [
  ['ttft', 'time_to_first_token', 'aiperf_ttft'],
  ['tpot', 'inter_token_latency', 'aiperf_itl'],
  ['itl', 'inter_chunk_latency', 'aiperf_chunk_latency'],
  ['latency', 'request_latency', 'aiperf_latency'],
];

/** A level whose single requests are not known. */
export function aggregateLevel({ tags, file }: MetricTags, load: number): AggregateLevel {
  const level = emptyAggregate(load);
  const average = (tag: string): number => asNumber(at(tags.get(tag), 'avg'));
  const ok = average('request_count');
  const errors = firstNumber(average('error_request_count'), 0);
  level.ok = ok;
  level.completed = ok + errors;
  level.seconds = inSecondsByUnit(tags.get('benchmark_duration'), 'avg', file);
  setScalar(level, 'errorRatio', errors / (ok + errors), 'aiperf_error_ratio');
  if (ok === 0) return level;
  for (const [metric, tag, definition] of TIMES) {
    const found = tags.get(tag);
    if (found === undefined) continue;
    const of = (name: string): number => inSecondsByUnit(found, name, file);
    const times: Record<Statistic, number> = {
      mean: of('avg'),
      p50: of('p50'),
      p90: of('p90'),
      p95: of('p95'),
      p99: of('p99'),
    };
    setTime(level, metric, times, definition, asNumber(found['count']));
  }
  setScalar(level, 'okPerSecond', average('request_throughput'), 'aiperf_requests_per_second');
  setScalar(level, 'outputTokensPerSecond', average('output_token_throughput'), 'aiperf_output_tokens_per_second');
  setScalar(level, 'inputTokensMean', average('input_sequence_length'), 'imported_input_tokens');
  setScalar(level, 'outputTokensMean', average('output_sequence_length'), 'imported_output_tokens');
  return level;
}

/** AIPerf's own means, from its single requests by its own definitions. */
export function publishedOf({ tags, file }: MetricTags, records: readonly RequestRecord[]): PublishedFigure[] {
  const ok = records.filter(({ outcome }) => outcome === 'ok');
  const mean = (of: (record: RequestRecord) => number): number => {
    const values = ok.map(of).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const own = (tag: string): number => (tags.has(tag) ? inSecondsByUnit(tags.get(tag), 'avg', file) : NaN);
  return [
    {
      figure: 'mean TTFT',
      published: own('time_to_first_token'),
      recomputed: mean(({ startedAt, firstTokenAt }) => firstTokenAt - startedAt),
    },
    { figure: 'mean inter token latency', published: own('inter_token_latency'), recomputed: mean(tpotSeconds) },
    {
      figure: 'mean request latency',
      published: own('request_latency'),
      recomputed: mean(({ startedAt, completedAt }) => completedAt - startedAt),
    },
    { figure: 'successful requests', published: asNumber(at(tags.get('request_count'), 'avg')), recomputed: ok.length },
  ];
}
