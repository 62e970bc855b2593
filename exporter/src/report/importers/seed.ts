import { emptyAggregate, setScalar, setTime } from './aggregate.js';
import type { ForeignDefinition } from './definitions.js';
import { asNumber, asObject, asText, epochOf, type JsonObject } from './fields.js';
import { ImportError } from './import-error.js';
import { parseLeniently } from './json-stream.js';
import { readMarkdown, readQuantity, type MarkdownReport } from './markdown-report.js';
import { levelsOfTables, type TableDefinitions } from './published-tables.js';
import { topLevelKeys, wholeText } from './source-text.js';
import type { AggregateLevel, ImportedRun, Importer, SourceFile, TimeMetric } from './types.js';

/** Routing modes of the A/B reports, as their keys name them. */
const MODES = ['round_robin', 'kv_aware', 'kv'] as const;

const TIMES: readonly [TimeMetric, string, ForeignDefinition][] = [
  ['ttft', 'ttft', 'seed_ttft'],
  ['tpot', 'tpot', 'seed_tpot'],
  ['itl', 'itl', 'seed_itl'],
  ['latency', 'latency', 'seed_latency'],
];

const SEED_TABLES: TableDefinitions = {
  times: { ttft: 'seed_ttft', tpot: 'seed_tpot', itl: 'seed_itl', latency: 'seed_latency' },
  scalars: {
    errorRatio: 'seed_error_ratio',
    requestsPerSecond: 'seed_requests_per_second',
    outputTokensPerSecond: 'seed_output_tokens_per_second',
    kvHitRatio: 'seed_kv_hit_ratio',
  },
};

const PUBLISHED_TABLES: TableDefinitions = {
  times: { ttft: 'table_ttft', tpot: 'table_tpot', itl: 'table_itl', latency: 'table_latency' },
  scalars: {
    errorRatio: 'table_error_ratio',
    requestsPerSecond: 'table_requests_per_second',
    outputTokensPerSecond: 'table_output_tokens_per_second',
  },
};

/**
 * Reports of the load generator whose sweeps Sweepscope replaces: its JSON (one mode, A/B, averaged), the Markdown
 * reports that hold it, and Markdown reports that hold only tables.
 */
export const seedImporter: Importer = {
  kind: 'seed',
  title: 'a sweep report (JSON or Markdown)',
  recognises({ head }) {
    if (topLevelKeys(head).has('levels')) return true;
    return /^\|\s*concurren/im.test(head) || /```json\s*\{\s*"generated"/.test(head);
  },
  async read(files) {
    const runs: ImportedRun[] = [];
    for (const file of files) runs.push(...runsOf(file, await wholeText(file)));
    return runs;
  },
};

function runsOf(file: SourceFile, text: string): ImportedRun[] {
  if (text.trimStart().startsWith('{')) {
    return jsonRuns(file, parseBlock(file, text), readMarkdown(''));
  }
  const report = readMarkdown(text);
  const blocks = report.json.map((block) => parseBlock(file, block)).filter((block) => 'levels' in block);
  return blocks.length > 0 ? blocks.flatMap((block) => jsonRuns(file, block, report)) : [tableRun(file, report)];
}

function parseBlock(file: SourceFile, text: string): JsonObject {
  try {
    return asObject(parseLeniently(text)) ?? {};
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError(file.name, `its JSON can't be read: ${why}`, 'it was cut off or edited: take the original', {
      cause,
    });
  }
}

/** One run, or one for each mode of an A/B report. */
function jsonRuns(file: SourceFile, json: JsonObject, report: MarkdownReport): ImportedRun[] {
  const { levels } = json;
  if (!Array.isArray(levels) || levels.length === 0)
    throw new ImportError(file.name, 'has no levels', 'a report has a list "levels", one entry for each concurrency');
  const rows = levels.map((level, index) => asObject(level) ?? fault(file, `levels[${index}] is no object`));
  const modes = MODES.filter((mode) => rows.some((row) => asObject(row[mode]) !== null));
  if (modes.length === 0) return [jsonRun(file, json, report, rows, asText(json['mode']))];
  return modes.map((mode) => {
    const own = rows.map((row) => ({ ...asObject(row[mode]), concurrency: row['concurrency'] }));
    return jsonRun(file, json, report, own, mode);
  });
}

function jsonRun(
  file: SourceFile,
  json: JsonObject,
  report: MarkdownReport,
  rows: readonly JsonObject[],
  mode: string | null,
): ImportedRun {
  const gaps: string[] = [];
  const levels = rows.map((row, index) => jsonLevel(file, row, index)).filter((level) => level !== null);
  if (levels.length === 0) throw new ImportError(file.name, 'has no level with a figure', 'every value in it is null');
  refuseTwice(file, levels);
  tellMissing(rows, gaps);
  tellAnnounced(report, levels, gaps);
  const sweeps = asNumber(json['num_sweeps']);
  if (sweeps > 1)
    gaps.push(
      `The figures are plain means over ${sweeps} sweeps, quantiles included; of how many sweeps a level's are, and their spread, is not told.`,
    );
  return {
    ...commonRun(file, report, gaps),
    name: [titleOf(report, file), mode].filter((part) => part !== null).join(', '),
    model: asText(json['model']) ?? modelOf(report),
    endedEpoch: firstEpoch(json['generated'], report.facts.get('generated')),
    targetRate: nullable(asNumber(json['target_rps'])),
    repetitions: sweeps > 1 ? sweeps : 1,
    deployment: { ...(mode === null ? {} : { mode }), ...deploymentOf(report) },
    levels,
  };
}

function jsonLevel(file: SourceFile, row: JsonObject, index: number): AggregateLevel | null {
  const load = asNumber(row['concurrency']);
  if (!(load > 0)) fault(file, `levels[${index}] has no concurrency`);
  const level = emptyAggregate(load);
  const value = (key: string): number => asNumber(row[key]);
  for (const [metric, key, definition] of TIMES) {
    const [p50, p95] = [zeroIsUnknown(value(`${key}_p50_ms`)) / 1000, zeroIsUnknown(value(`${key}_p95_ms`)) / 1000];
    setTime(level, metric, { p50, p95 }, definition);
  }
  setScalar(level, 'errorRatio', value('error_pct') / 100, 'seed_error_ratio');
  setScalar(level, 'requestsPerSecond', value('actual_rps'), 'seed_requests_per_second');
  setScalar(level, 'outputTokensPerSecond', zeroIsUnknown(value('tops')), 'seed_output_tokens_per_second');
  setScalar(level, 'kvHitRatio', zeroIsUnknown(value('kv_hit_rate_pct')) / 100, 'seed_kv_hit_ratio');
  return Object.keys(level.times).length + Object.keys(level.scalars).length === 0 ? null : level;
}

/** The generator wrote 0 where its query found nothing. */
const zeroIsUnknown = (value: number): number => (value === 0 ? NaN : value);

/** What the source lacks or tells wrongly, each with the levels it holds for. */
function tellMissing(rows: readonly JsonObject[], gaps: string[]): void {
  const where = (holds: (row: JsonObject) => boolean): string => {
    const loads = rows.filter(holds).map((row) => asNumber(row['concurrency']));
    return loads.length === 0 ? '' : `Level ${loads.join(', ')}`;
  };
  const noTokens = where((row) => asNumber(row['tops']) === 0);
  if (noTokens !== '')
    gaps.push(
      `${noTokens}: output tokens/s is 0 in the source though requests were answered: the metric was missing. Taken as unknown.`,
    );
  const noHits = where((row) => asNumber(row['kv_hit_rate_pct']) === 0);
  if (noHits !== '')
    gaps.push(
      `${noHits}: KV hit rate is 0 in the source, which it also wrote where the metric was missing. Taken as unknown.`,
    );
  for (const key of new Set(rows.flatMap((row) => Object.keys(row)))) {
    const missing = where((row) => row[key] === null || row[key] === undefined);
    if (missing !== '') gaps.push(`${missing}: ${key} is not in the source.`);
  }
}

/** A report of tables alone. */
function tableRun(file: SourceFile, report: MarkdownReport): ImportedRun {
  const gaps: string[] = [];
  const isSeed = /loadgen_/.test(report.text);
  const levels = levelsOfTables(report, file.name, isSeed ? SEED_TABLES : PUBLISHED_TABLES, gaps);
  if (levels.length === 0)
    throw new ImportError(
      file.name,
      'has no table of levels: none whose first column is the concurrency and whose others are known',
      'columns such as "TTFT p50", "Latency p95", "Error %", "req/s" are understood',
    );
  tellAnnounced(report, levels, gaps);
  gaps.push('The figures are those of printed tables: rounded, without sample sizes or intervals.');
  const repetitions = levels.map((level) => level.repetitions?.measured ?? 1);
  return {
    ...commonRun(file, report, gaps),
    name: titleOf(report, file),
    model: modelOf(report),
    endedEpoch: firstEpoch(report.facts.get('generated'), report.facts.get('date')),
    targetRate: quantityOf(report, 'target rps'),
    repetitions: Math.max(...repetitions),
    deployment: deploymentOf(report),
    levels,
  };
}

function commonRun(
  file: SourceFile,
  report: MarkdownReport,
  gaps: string[],
): Omit<ImportedRun, 'name' | 'model' | 'endedEpoch' | 'targetRate' | 'repetitions' | 'deployment' | 'levels'> {
  const snapshots = /(\d+) snapshots/.exec(report.facts.get('measurement') ?? '');
  return {
    tool: 'a sweep report',
    toolVersion: null,
    files: [file.name],
    url: null,
    endpoint: null,
    arrival: 'closed',
    startedEpoch: NaN,
    warmupSeconds: quantityOf(report, 'warmup'),
    measureSeconds: quantityOf(report, 'measurement'),
    snapshots: snapshots === null ? null : Number(snapshots[1]),
    workload: { kind: 'unknown', description: workloadOf(report), seed: null },
    objectives: [],
    gaps,
  };
}

function workloadOf(report: MarkdownReport): string {
  const said = report.facts.get('workload') ?? report.facts.get('prompt') ?? pairsOf(report).get('Request shape');
  return said ?? 'not told';
}

function quantityOf(report: MarkdownReport, fact: string): number | null {
  return readQuantity(report.facts.get(fact) ?? '')?.value ?? null;
}

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value);

function firstEpoch(...values: unknown[]): number {
  const dated = values.map((value) => epochOf(/^[\d-]+(?:[T ][\d:.]+)?(?: UTC|Z)?/.exec(asText(value) ?? '')?.[0]));
  return dated.find((epoch) => !Number.isNaN(epoch)) ?? NaN;
}

/** Rows of tables of two columns that say nothing of levels. */
function pairsOf(report: MarkdownReport): Map<string, string> {
  const pairs = report.tables
    .filter(({ header }) => header.length === 2 && (header[0] === '' || /^parameter$/i.test(header[0]!)))
    .flatMap(({ rows }) => rows)
    .filter((row) => row.length === 2 && row[0] !== '' && row[1] !== '');
  return new Map(pairs.map(([key, value]) => [key!, value!]));
}

function modelOf(report: MarkdownReport): string | null {
  return pairsOf(report).get('Model') ?? report.facts.get('model') ?? null;
}

/** The deployment as the report tells it: its table, facts such as the GPU, and server flags in code. */
function deploymentOf(report: MarkdownReport): Record<string, string> {
  const pairs = [...pairsOf(report)].filter(([key]) => !/^(model|request shape|load pattern|deployment)$/i.test(key));
  const mode = report.facts.get('routing mode');
  const gpu = report.facts.get('gpu');
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(gpu === undefined ? {} : { GPU: gpu }),
    ...Object.fromEntries(report.facts.has('warmup') ? [] : report.flags),
    ...Object.fromEntries(pairs),
  };
}

function tellAnnounced(report: MarkdownReport, levels: readonly AggregateLevel[], gaps: string[]): void {
  const announced = (report.facts.get('concurrency levels') ?? '').match(/\d+/g)?.map(Number) ?? [];
  const missing = announced.filter((load) => !levels.some((level) => level.load === load));
  if (missing.length > 0) gaps.push(`Levels ${missing.join(', ')} are announced, but there are no figures of them.`);
}

function refuseTwice(file: SourceFile, levels: readonly AggregateLevel[]): void {
  const loads = levels.map(({ load }) => load);
  const twice = loads.find((load, index) => loads.indexOf(load) !== index);
  if (twice !== undefined) fault(file, `has concurrency ${twice} twice`);
}

function fault(file: SourceFile, problem: string): never {
  throw new ImportError(
    file.name,
    problem,
    'it was edited or is of another tool: take the original, or force one with --from',
  );
}

/** Our own reports put these words before the name again. */
const titleOf = (report: MarkdownReport, file: SourceFile): string =>
  report.title?.replace(/^benchmark sweep:\s*/i, '') ?? fileTitle(file);

const fileTitle = ({ name }: SourceFile): string => (name.split('/').at(-1) ?? name).replace(/\.\w+$/, '');
