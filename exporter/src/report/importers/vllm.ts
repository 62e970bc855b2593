import { emptyAggregate, setScalar, setTime } from './aggregate.js';
import { asNumber, asText, epochOf, firstNumber, type JsonObject } from './fields.js';
import { ImportError } from './import-error.js';
import { oneModel, repetitionsApart } from './grouping.js';
import type { JsonPlan } from './json-stream.js';
import { topLevelKeys, walkFile } from './source-text.js';
import type {
  AggregateLevel,
  ImportedLevel,
  ImportedRun,
  Importer,
  RequestLevel,
  SourceFile,
  TimeMetric,
} from './types.js';
import { vllmPart, type VllmArrays } from './vllm-requests.js';
import type { ForeignDefinition } from './definitions.js';

/** Lists of `--save-detailed` with one entry a request. */
const LISTS = [
  'input_lens',
  'output_lens',
  'ttfts',
  'itls',
  'start_times',
  'errors',
  'latencies',
  'queue_times',
] as const;

/** One result as `vllm bench serve --save-result` writes it: one file, or one of several in an appended file. */
interface VllmResult {
  file: SourceFile;
  document: number;
  fields: JsonObject;
  arrays: VllmArrays | null;
}

/**
 * `vllm bench serve --save-result`, with and without `--save-detailed`; one file a level, or results appended to one
 * file. Detailed files of any size are read as a stream.
 */
export const vllmImporter: Importer = {
  kind: 'vllm',
  title: 'vLLM bench serve',
  recognises({ head }) {
    const keys = topLevelKeys(head);
    return (
      keys.has('request_throughput') && (keys.has('model_id') || keys.has('backend') || keys.has('total_input_tokens'))
    );
  },
  async read(files) {
    const results: VllmResult[] = [];
    for (const file of files) results.push(...(await readResults(file)));
    oneModel(results.map(({ file, fields }) => ({ file, model: asText(fields['model_id']) })));
    const placed = results.map((result) => ({ ...placeOf(result), result }));
    const arrivals = [...new Set(placed.map(({ arrival }) => arrival))];
    return arrivals.flatMap((arrival) => runsOf(placed.filter((one) => one.arrival === arrival)));
  },
};

async function readResults(file: SourceFile): Promise<VllmResult[]> {
  const found: VllmResult[] = [];
  const plan: JsonPlan = (path) => {
    const [, key] = path;
    if (path.length === 1) return 'enter';
    if (key === 'generated_texts') return 'skip';
    return path.length === 2 && LISTS.some((list) => list === key) ? 'enter' : 'take';
  };
  await walkFile(file, plan, ([document, key], value) => {
    const result = (found[document as number] ??= { file, document: document as number, fields: {}, arrays: null });
    if (!LISTS.some((list) => list === key)) {
      result.fields = { ...result.fields, [String(key).replace(/:$/, '')]: value };
      return;
    }
    result.arrays ??= {
      inputLens: [],
      outputLens: [],
      ttfts: [],
      gapSums: [],
      gapCounts: [],
      starts: [],
      errors: [],
      latencies: [],
    };
    addTo(result.arrays, key as (typeof LISTS)[number], value);
  });
  for (const { fields, document } of found) {
    if (!('request_throughput' in fields))
      throw new ImportError(
        file.name,
        `${document === 0 ? '' : `its ${document + 1}th result `}has no request_throughput: it is no result of vllm bench serve`,
        'give the files that --save-result wrote',
      );
  }
  return found;
}

function addTo(arrays: VllmArrays, list: (typeof LISTS)[number], value: unknown): void {
  switch (list) {
    case 'input_lens':
      arrays.inputLens.push(asNumber(value));
      break;
    case 'output_lens':
      arrays.outputLens.push(asNumber(value));
      break;
    case 'ttfts':
      arrays.ttfts.push(asNumber(value));
      break;
    case 'start_times':
      arrays.starts.push(asNumber(value));
      break;
    case 'latencies':
      arrays.latencies.push(asNumber(value));
      break;
    case 'errors':
      arrays.errors.push(typeof value === 'string' ? value : '');
      break;
    case 'itls': {
      const gaps = Array.isArray(value) ? value.map(asNumber) : [];
      arrays.gapSums.push(gaps.reduce((sum, gap) => sum + gap, 0));
      arrays.gapCounts.push(gaps.length);
      break;
    }
    case 'queue_times':
      break;
  }
}

interface Place {
  arrival: ImportedRun['arrival'];
  load: number;
  gap: string | null;
}

/** What the level is: users where concurrency is limited or all start at once, else requests per second. */
function placeOf({ file, fields }: VllmResult): Place {
  const rate = asNumber(fields['request_rate']);
  const inName = /concurrency[-_]?(\d+)/i.exec(file.name.split('/').at(-1) ?? '');
  const users = firstNumber(fields['max_concurrency'], inName === null ? NaN : Number(inName[1]));
  if (Number.isNaN(rate) && !Number.isNaN(users)) return { arrival: 'closed', load: users, gap: null };
  if (Number.isNaN(rate)) {
    const load = firstNumber(
      fields['num_prompts'],
      firstNumber(fields['completed']) + firstNumber(fields['failed'], 0),
    );
    if (!(load > 0))
      throw new ImportError(
        file.name,
        'does not tell its load: neither max_concurrency, request_rate nor num_prompts',
        'add "max_concurrency" to the file',
      );
    return {
      arrival: 'closed',
      load,
      gap: `Level ${load}: no limit of concurrency, all ${load} requests were sent at once.`,
    };
  }
  const burstiness = firstNumber(fields['burstiness'], 1);
  const gaps = [
    ...(burstiness === 1 ? [] : [`arrivals with burstiness ${burstiness} instead of Poisson's 1`]),
    ...(Number.isNaN(users) ? [] : [`at most ${users} requests at once`]),
  ];
  return { arrival: 'poisson', load: rate, gap: gaps.length === 0 ? null : `Level ${rate}: ${gaps.join(', ')}.` };
}

type Placed = Place & { result: VllmResult };

function runsOf(placed: readonly Placed[]): ImportedRun[] {
  const detailed = placed.filter(({ result }) => result.arrays !== null);
  const loads = [...new Set(detailed.map(({ load }) => load))];
  const requestLevels = loads.map((load) =>
    requestLevel(
      load,
      detailed.filter((one) => one.load === load),
    ),
  );
  const aggregates = placed.filter(({ result, load }) => result.arrays === null && !loads.includes(load));
  const apart = repetitionsApart(aggregates);
  const runs = apart.length === 0 ? [[]] : apart;
  return runs.map((own, index) =>
    runOf(placed, [...(index === 0 ? requestLevels : []), ...own.map(aggregateLevel)], index, runs.length),
  );
}

function runOf(placed: readonly Placed[], levels: ImportedLevel[], index: number, runs: number): ImportedRun {
  const first = placed[0]!.result.fields;
  const dates = placed.map(({ result }) => dateOf(result.fields['date'])).filter((epoch) => !Number.isNaN(epoch));
  const duration = firstNumber(first['duration'], 0);
  const known = new Set(['model_id', 'tokenizer_id', 'backend', 'endpoint_type', 'date', 'label']);
  const label = asText(first['label']);
  const parts = levels.flatMap((level) => (level.detail === 'requests' ? level.parts.length : 1));
  return {
    tool: 'vLLM bench serve',
    toolVersion: null,
    files: [...new Set(placed.map(({ result }) => result.file.name))],
    name: `${label ?? asText(first['model_id']) ?? 'vLLM bench'}${runs > 1 ? ` (repetition ${index + 1} of ${runs})` : ''}`,
    model: asText(first['model_id']),
    url: null,
    endpoint: asText(first['backend']) ?? asText(first['endpoint_type']),
    arrival: placed[0]!.arrival,
    targetRate: null,
    startedEpoch: dates.length === 0 ? NaN : Math.min(...dates) - duration,
    endedEpoch: dates.length === 0 ? NaN : Math.max(...dates),
    warmupSeconds: null,
    measureSeconds: null,
    snapshots: null,
    repetitions: Math.max(1, ...parts),
    workload: { kind: 'unknown', description: workloadOf(placed), seed: null },
    deployment: Object.fromEntries(
      Object.entries(first).flatMap(([key, value]) =>
        typeof value === 'string' &&
        !known.has(key) &&
        value.length < 100 &&
        key !== 'request_rate' &&
        !key.startsWith('ramp_')
          ? [[key, value]]
          : [],
      ),
    ),
    objectives: [],
    levels,
    gaps: [...new Set([...placed.flatMap(({ gap }) => (gap === null ? [] : [gap])), ...gapsOf(placed)])],
  };
}

/** `20260225-190922`, as the tool writes it, in the local time of its machine. */
function dateOf(value: unknown): number {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(asText(value) ?? '');
  if (found === null) return epochOf(value);
  const [, year, month, day, hour, minute, second] = found;
  return epochOf(`${year!}-${month!}-${day!}T${hour!}:${minute!}:${second!}Z`);
}

/** Mean lengths are all that the files tell of the requests. */
function workloadOf(placed: readonly Placed[]): string {
  const sum = (key: string): number =>
    placed.reduce((total, { result }) => total + firstNumber(result.fields[key], 0), 0);
  const completed = sum('completed');
  if (completed === 0) return 'not told';
  const mean = (key: string): number => Math.round(sum(key) / completed);
  return `not told, on average ${mean('total_input_tokens')} input and ${mean('total_output_tokens')} output tokens`;
}

function gapsOf(placed: readonly Placed[]): string[] {
  const aggregates = placed.filter(({ result }) => result.arrays === null);
  const failed = aggregates
    .filter(({ result }) => firstNumber(result.fields['failed'], NaN) > 0)
    .map(({ load }) => load);
  const noFailures = aggregates.some(({ result }) => !('failed' in result.fields));
  const names = [...new Set(aggregates.map(({ load }) => load))].join(', ');
  return [
    ...(aggregates.length > 0
      ? [`Level ${names}: without --save-detailed nothing can be recomputed; rates and times include ramp-up and tail.`]
      : []),
    ...(failed.length > 0 ? [`Level ${failed.join(', ')}: why requests failed is not told.`] : []),
    ...(noFailures ? ['Older files do not tell how many requests failed.'] : []),
    'The date is local time of the machine that measured, taken as UTC.',
    'TTFT ends at the first chunk, even one without a token. Whether tokens were counted by usage or by a tokenizer is not told.',
  ];
}

function requestLevel(load: number, placed: readonly Placed[]): RequestLevel {
  return {
    detail: 'requests',
    load,
    parts: placed.map(({ result }, index) =>
      vllmPart(result.file, result.document, result.fields, result.arrays!, `${load}-${index + 1}`),
    ),
    definitions: { ttft: 'vllm_ttft', itl: 'vllm_itl' },
    tokensSource: null,
  };
}

const TIMES: readonly [TimeMetric, string, ForeignDefinition][] = [
  ['ttft', 'ttft', 'vllm_ttft'],
  ['tpot', 'tpot', 'vllm_tpot'],
  ['itl', 'itl', 'vllm_itl'],
  ['latency', 'e2el', 'vllm_latency'],
];

/** What `--save-result` alone tells. Of a run without a success vLLM writes zeros for times: they are unknown. */
function aggregateLevel({ load, result: { fields } }: Placed): AggregateLevel {
  const level = emptyAggregate(load);
  const completed = asNumber(fields['completed']);
  const failed = asNumber(fields['failed']);
  level.seconds = asNumber(fields['duration']);
  level.ok = completed;
  level.completed = completed + failed;
  setScalar(level, 'errorRatio', failed / (completed + failed), 'vllm_error_ratio');
  setScalar(level, 'okPerSecond', asNumber(fields['request_throughput']), 'vllm_requests_per_second');
  if (completed === 0) return level;
  for (const [metric, name, definition] of TIMES) {
    const of = (statistic: string): number => asNumber(fields[`${statistic}_${name}_ms`]) / 1000;
    const times = {
      mean: of('mean'),
      p50: firstNumber(of('p50'), of('median')),
      p90: of('p90'),
      p95: of('p95'),
      p99: of('p99'),
    };
    setTime(level, metric, times, definition);
  }
  setScalar(level, 'outputTokensPerSecond', asNumber(fields['output_throughput']), 'vllm_output_tokens_per_second');
  setScalar(level, 'inputTokensMean', asNumber(fields['total_input_tokens']) / completed, 'imported_input_tokens');
  setScalar(level, 'outputTokensMean', asNumber(fields['total_output_tokens']) / completed, 'imported_output_tokens');
  return level;
}
