import { parse } from 'yaml';
import { NOT_YET_KNOWN } from '../../measure/records.js';
import { asNumber, asObject, asText, at, firstNumber, firstText, type JsonObject } from './fields.js';
import { aggregateLevel, publishedOf, totalsOf, type Benchmark } from './guidellm-aggregates.js';
import { oneModel, repetitionsApart } from './grouping.js';
import { guideRecord, guideRequest } from './guidellm-requests.js';
import { ImportError } from './import-error.js';
import { walkValue, type JsonPath, type JsonPlan } from './json-stream.js';
import { topLevelKeys, walkFile, wholeText } from './source-text.js';
import type { ImportedLevel, ImportedRun, Importer, RequestLevel, SourceFile } from './types.js';

const STATUSES = ['successful', 'errored', 'incomplete'] as const;

/** A file of GuideLLM. */
interface GuideFile {
  file: SourceFile;
  top: JsonObject;
  benchmarks: Benchmark[];
}

/**
 * GuideLLM 0.3 to 0.8: `benchmarks.json` of any size, read as a stream, or `benchmarks.yaml`. Each strategy is a level;
 * strategies of users (synchronous, concurrent) and of rates (constant, poisson) become runs of their own.
 */
export const guidellmImporter: Importer = {
  kind: 'guidellm',
  title: 'GuideLLM',
  recognises({ head, name }) {
    if (topLevelKeys(head).has('benchmarks')) return true;
    return /\.ya?ml$/i.test(name) && /^benchmarks:/m.test(head) && /guidellm|generative_benchmark/.test(head);
  },
  async read(files) {
    const read: GuideFile[] = [];
    for (const file of files) read.push(await readGuideFile(file));
    oneModel(
      read.flatMap(({ file, benchmarks, top }) => benchmarks.map((one) => ({ file, model: modelOf(one.fields, top) }))),
    );
    const placed = read.flatMap(({ top, benchmarks }) => benchmarks.map((benchmark) => placeOf(benchmark, top)));
    const levels = placed.filter((one) => one.load !== null);
    const skipped = placed.filter((one) => one.load === null).map(({ strategy }) => strategy);
    if (levels.length === 0)
      throw new ImportError(
        files[0]!.name,
        `has no level: its strategies are ${skipped.join(', ') || 'none'}`,
        'levels are strategies with users or a rate',
      );
    const arrivals = [...new Set(levels.map(({ arrival }) => arrival))];
    return arrivals.flatMap((arrival) =>
      runsOf(
        levels.filter((one) => one.arrival === arrival),
        skipped,
      ),
    );
  },
};

async function readGuideFile(file: SourceFile): Promise<GuideFile> {
  const found: GuideFile = { file, top: {}, benchmarks: [] };
  const onValue = (path: JsonPath, value: unknown): void => take(found, path, value);
  if (/^\s*\{/.test(file.head)) await walkFile(file, plan, onValue);
  else walkValue(await readYaml(file), plan, onValue);
  if (found.benchmarks.length === 0)
    throw new ImportError(
      file.name,
      'has no benchmarks',
      'GuideLLM writes one for each strategy that ended: was the run cut off?',
    );
  return found;
}

async function readYaml(file: SourceFile): Promise<unknown> {
  try {
    return parse(await wholeText(file), { maxAliasCount: 100 });
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    const why = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
    throw new ImportError(file.name, `is not YAML: ${why}`, 'copy it again from where GuideLLM wrote it', { cause });
  }
}

/** `benchmarks[i].requests.successful[j]` one by one, everything else of a benchmark key by key. */
const plan: JsonPlan = (path) => {
  const [, key, , field] = path;
  if (path.length === 1) return 'enter';
  if (key !== 'benchmarks') return 'take';
  if (path.length <= 3) return 'enter';
  if (field !== 'requests') return 'take';
  return path.length <= 5 ? 'enter' : 'take';
};

function take(found: GuideFile, path: JsonPath, value: unknown): void {
  const [, key, index, field, status] = path;
  if (key !== 'benchmarks') {
    found.top = { ...found.top, [String(key)]: value };
    return;
  }
  const benchmark = (found.benchmarks[index as number] ??= { file: found.file, fields: {}, requests: [] });
  if (field !== 'requests') benchmark.fields = { ...benchmark.fields, [String(field)]: value };
  else if (STATUSES.some((known) => known === status)) {
    const request = guideRequest(asObject(value) ?? {}, status as (typeof STATUSES)[number]);
    if (request !== null) benchmark.requests.push(request);
  }
}

interface Placed {
  benchmark: Benchmark;
  top: JsonObject;
  strategy: string;
  arrival: ImportedRun['arrival'];
  /** null: the strategy has none. */
  load: number | null;
}

function placeOf(benchmark: Benchmark, top: JsonObject): Placed {
  const { fields } = benchmark;
  const strategy =
    asObject(at(fields, 'config', 'strategy')) ??
    asObject(at(fields, 'args', 'strategy')) ??
    asObject(at(fields, 'scheduler', 'strategy')) ??
    {};
  const type = asText(strategy['type_']) ?? asText(at(fields, 'scheduler', 'strategy')) ?? 'unknown';
  const place = (arrival: ImportedRun['arrival'], load: number): Placed => ({
    benchmark,
    top,
    strategy: type,
    arrival,
    load: load > 0 ? load : null,
  });
  switch (type) {
    case 'synchronous':
      return place('closed', 1);
    case 'concurrent':
      return place('closed', firstNumber(strategy['streams'], strategy['max_concurrency']));
    case 'throughput':
      return place('closed', asNumber(strategy['max_concurrency']));
    case 'constant':
      return place('constant', asNumber(strategy['rate']));
    case 'poisson':
      return place('poisson', asNumber(strategy['rate']));
    default:
      return place('closed', NaN);
  }
}

function modelOf(fields: JsonObject, top: JsonObject): string | null {
  return firstText(
    at(fields, 'config', 'backend', 'model'),
    at(fields, 'worker', 'backend_model'),
    at(fields, 'benchmarker', 'backend', 'model'),
    at(top, 'args', 'model'),
    at(top, 'args', 'backend_kwargs', 'model'),
    at(top, 'config', 'spec', 'backend', 'model'),
  );
}

function runsOf(placed: readonly Placed[], skipped: readonly string[]): ImportedRun[] {
  const detailed = placed.filter(({ benchmark }) => isComplete(benchmark));
  const loads = [...new Set(detailed.map(({ load }) => load!))];
  const requestLevels = loads.map((load) =>
    requestLevel(
      load,
      detailed.filter((one) => one.load === load),
    ),
  );
  const aggregates = placed.filter((one) => !isComplete(one.benchmark) && !loads.includes(one.load!));
  const apart = repetitionsApart(aggregates.map((one) => ({ ...one, load: one.load! })));
  const runs = apart.length === 0 ? [[]] : apart;
  return runs.map((own, index) => {
    const levels = [...(index === 0 ? requestLevels : []), ...own.map(aggregateLevel)];
    return runOf(placed, levels, skipped, runs.length > 1 ? ` (repetition ${index + 1} of ${runs.length})` : '');
  });
}

/** Whether all requests are in the file: GuideLLM may keep a sample of them, or none. */
function isComplete({ fields, requests }: Benchmark): boolean {
  const made = totalsOf(fields);
  const ended = requests.filter(({ status }) => status !== 'incomplete').length;
  return requests.length > 0 && ended >= made.successful + made.errored;
}

function runOf(
  placed: readonly Placed[],
  levels: ImportedLevel[],
  skipped: readonly string[],
  suffix: string,
): ImportedRun {
  const { benchmark, top, arrival } = placed[0]!;
  const { fields } = benchmark;
  const times = (name: string): number[] =>
    placed
      .map((one) => firstNumber(one.benchmark.fields[name], at(one.benchmark.fields, 'run_stats', name)))
      .filter((time) => time > 0);
  const model = modelOf(fields, top);
  return {
    tool: 'GuideLLM',
    toolVersion: asText(at(top, 'metadata', 'guidellm_version')),
    files: [...new Set(placed.map((one) => one.benchmark.file.name))],
    name: `${model ?? 'GuideLLM'}, ${[...new Set(placed.map(({ strategy }) => strategy))].join(' and ')}${suffix}`,
    model,
    url: firstText(
      at(fields, 'config', 'backend', 'target'),
      at(fields, 'worker', 'backend_target'),
      at(top, 'args', 'target'),
    ),
    endpoint: null,
    arrival,
    targetRate: null,
    startedEpoch: times('start_time').length === 0 ? NaN : Math.min(...times('start_time')),
    endedEpoch: times('end_time').length === 0 ? NaN : Math.max(...times('end_time')),
    warmupSeconds: null,
    measureSeconds: null,
    snapshots: null,
    repetitions: Math.max(1, ...levels.map((level) => (level.detail === 'requests' ? level.parts.length : 1))),
    workload: {
      kind: 'unknown',
      description: workloadOf(placed),
      seed: nullable(firstNumber(at(top, 'args', 'random_seed'), at(top, 'config', 'spec', 'random_seed'))),
    },
    deployment: {},
    objectives: [],
    levels,
    gaps: gapsOf(placed, skipped),
  };
}

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The data argument, in which GuideLLM describes synthetic requests; never prompts. */
function workloadOf(placed: readonly Placed[]): string {
  const { benchmark, top } = placed[0]!;
  const data = [
    at(top, 'args', 'data'),
    at(top, 'config', 'spec', 'data'),
    at(benchmark.fields, 'request_loader', 'data'),
    at(benchmark.fields, 'config', 'requests', 'data'),
  ].find((value) => value !== undefined && value !== null);
  const written = typeof data === 'string' ? data : data === undefined ? '' : JSON.stringify(data);
  return written === '' || written.length > 300 ? 'not told' : written;
}

function gapsOf(placed: readonly Placed[], skipped: readonly string[]): string[] {
  const bare = placed.filter(({ benchmark }) => !isComplete(benchmark)).map(({ load }) => load!);
  return [
    ...(skipped.length > 0 ? [`Strategies without a level were left out: ${skipped.join(', ')}.`] : []),
    ...(bare.length > 0
      ? [
          `Level ${bare.join(', ')}: the file does not hold all requests, so GuideLLM's own aggregates are carried over.`,
        ]
      : []),
    'GuideLLM stamps by the wall clock, and tells no gaps between chunks: there is no ITL. Its "time per output token" contains TTFT and is not imported.',
    'Whether tokens were counted by usage or by chunks is not told.',
  ];
}

function requestLevel(load: number, placed: readonly Placed[]): RequestLevel {
  return {
    detail: 'requests',
    load,
    parts: placed.map(({ benchmark }, part) => {
      const origin = benchmark.requests.reduce((least, { start }) => Math.min(least, start), Infinity);
      const records = benchmark.requests.map((request, index) => ({
        ...NOT_YET_KNOWN,
        ...guideRecord(request, origin, index, `${load}-${part + 1}`),
      }));
      return {
        file: benchmark.file.name,
        records,
        timed: true,
        gaps: null,
        marked: null,
        published: publishedOf(benchmark),
        details: new Map(
          records.flatMap(({ id }, index) =>
            benchmark.requests[index]!.error === '' ? [] : [[id, benchmark.requests[index]!.error] as const],
          ),
        ),
      };
    }),
    definitions: { ttft: 'guidellm_ttft' },
    tokensSource: null,
  };
}
