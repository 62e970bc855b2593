import { aggregateLevel, csvTags, jsonTags, publishedOf, type MetricTags } from './aiperf-aggregates.js';
import { readRecords, type AiperfRecords } from './aiperf-records.js';
import { asObject, asText, at, epochOf, type JsonObject } from './fields.js';
import { oneModel, repetitionsApart } from './grouping.js';
import { ImportError } from './import-error.js';
import { topLevelKeys, wholeJson, wholeText } from './source-text.js';
import type { ImportedLevel, ImportedRun, Importer, RequestLevel, SourceFile } from './types.js';

type FileRole = 'records' | 'json' | 'csv';

/** The files of one `aiperf profile`: those that lie in one folder. */
interface Artifact {
  folder: string;
  files: Partial<Record<FileRole, SourceFile>>;
}

/** One `aiperf profile`, read. */
interface Profile {
  name: string;
  files: string[];
  config: JsonObject;
  top: JsonObject;
  tags: MetricTags | null;
  records: AiperfRecords | null;
}

/**
 * AIPerf: `profile_export.jsonl` (single requests, of any size), `profile_export_aiperf.json` and `.csv` (aggregates);
 * the files of one folder belong together, each folder is a level of a sweep.
 */
export const aiperfImporter: Importer = {
  kind: 'aiperf',
  title: 'AIPerf',
  recognises: (file) => roleOf(file) !== null,
  async read(files) {
    const profiles: Profile[] = [];
    for (const artifact of artifactsOf(files)) profiles.push(await readProfile(artifact));
    oneModel(profiles.map((profile) => ({ file: { name: profile.name } as SourceFile, model: modelOf(profile) })));
    const placed = profiles.map(placeOf);
    const arrivals = [...new Set(placed.map(({ arrival }) => arrival))];
    return arrivals.flatMap((arrival) => runsOf(placed.filter((one) => one.arrival === arrival)));
  },
};

function roleOf({ head, name }: SourceFile): FileRole | null {
  if (/^\uFEFF?Metric,avg,/m.test(head.slice(0, 200))) return 'csv';
  const first = head.split('\n', 1)[0]!;
  if (/^\{\s*"metadata"/.test(first) && /"request_start_ns"|"benchmark_phase"/.test(head)) return 'records';
  const keys = topLevelKeys(head);
  const known =
    keys.has('input_config') &&
    (keys.has('request_latency') || keys.has('records') || keys.has('request_count') || keys.has('aiperf_version'));
  return known && /\.json$/i.test(name) ? 'json' : null;
}

function artifactsOf(files: readonly SourceFile[]): Artifact[] {
  const artifacts = new Map<string, Artifact>();
  for (const file of files) {
    const role = roleOf(file) ?? 'json';
    const folder = file.name.includes('/') ? file.name.slice(0, file.name.lastIndexOf('/')) : '.';
    const artifact = artifacts.get(folder) ?? { folder, files: {} };
    artifacts.set(folder, artifact);
    const other = artifact.files[role];
    if (other !== undefined)
      throw new ImportError(
        file.name,
        `and ${other.name} are both of one folder: which belong together can't be told`,
        'keep the files of each aiperf profile in a folder of their own',
      );
    artifact.files[role] = file;
  }
  return [...artifacts.values()];
}

async function readProfile({ files, folder }: Artifact): Promise<Profile> {
  const { json, csv, records } = files;
  const top = json === undefined ? {} : (asObject(await wholeJson(json)) ?? {});
  const tags = json !== undefined ? jsonTags(top, json) : csv !== undefined ? csvTags(await wholeText(csv), csv) : null;
  return {
    name: (records ?? json ?? csv)!.name,
    files: [records, json, csv].flatMap((file) => (file === undefined ? [] : [file.name])),
    config: asObject(top['input_config']) ?? {},
    top,
    tags,
    records: records === undefined ? null : await readRecords(records, folder),
  };
}

interface Placed {
  profile: Profile;
  arrival: ImportedRun['arrival'];
  load: number;
}

/** The level: `concurrency` of the configuration, else the rate, else what the folder's name says (`c16`, `concurrency_16`). */
function placeOf(profile: Profile): Placed {
  const { config, name } = profile;
  const phase = profilingPhase(config);
  const concurrency = phase['concurrency'] ?? find(config, 'concurrency');
  const rate = phase['rate'] ?? find(config, 'request_rate');
  if (typeof rate === 'number' && rate > 0) {
    const mode =
      asText(phase['type']) ?? asText(find(config, 'request_rate_mode')) ?? asText(find(config, 'arrival_pattern'));
    return { profile, arrival: mode === 'constant' ? 'constant' : 'poisson', load: rate };
  }
  const folder = /(?:^|[/_-])(?:concurrency|conc|c)[_-]?(\d+)(?=[/_.-])/i.exec(name)?.[1];
  const load = typeof concurrency === 'number' ? concurrency : Number(folder ?? NaN);
  if (load > 0) return { profile, arrival: 'closed', load };
  throw new ImportError(
    name,
    'does not tell the concurrency: it is neither in an input_config nor in the name of the folder',
    'give profile_export_aiperf.json along with it, or name the folder concurrency16',
  );
}

/** The phase that is measured, of 0.13 on; empty in older layouts. */
function profilingPhase(config: JsonObject): JsonObject {
  const phases = Array.isArray(config['phases']) ? config['phases'].map(asObject) : [];
  return phases.find((phase) => phase?.['kind'] === 'profiling') ?? {};
}

/** The first value of a key anywhere in the configuration, whose shape differs between versions. */
function find(config: unknown, key: string): unknown {
  const object = asObject(config);
  if (object === null) return undefined;
  if (object[key] !== undefined && object[key] !== null && asObject(object[key]) === null) return object[key];
  for (const value of Object.values(object)) {
    const found = find(value, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function modelOf({ config }: Profile): string | null {
  const names = find(config, 'model_names');
  const items = at(config, 'models', 'items');
  const item = Array.isArray(items) ? asObject(items[0]) : null;
  return asText(Array.isArray(names) ? names[0] : names) ?? asText(find(config, 'model')) ?? asText(item?.['name']);
}

function runsOf(placed: readonly Placed[]): ImportedRun[] {
  const detailed = placed.filter(({ profile }) => profile.records !== null);
  const loads = [...new Set(detailed.map(({ load }) => load))];
  const requestLevels = loads.map((load) =>
    requestLevel(
      load,
      detailed.filter((one) => one.load === load),
    ),
  );
  const aggregates = placed.filter(({ profile, load }) => profile.records === null && !loads.includes(load));
  const apart = repetitionsApart(aggregates);
  const runs = apart.length === 0 ? [[]] : apart;
  return runs.map((own, index) => {
    const levels = [
      ...(index === 0 ? requestLevels : []),
      ...own.map(({ profile, load }) => aggregateLevel(profile.tags!, load)),
    ];
    return runOf(placed, levels, runs.length > 1 ? ` (repetition ${index + 1} of ${runs.length})` : '');
  });
}

function requestLevel(load: number, placed: readonly Placed[]): RequestLevel {
  return {
    detail: 'requests',
    load,
    parts: placed.map(({ profile }, index) => {
      const { tags } = profile;
      const part = profile.records!.part(`${load}-${index + 1}`);
      return { ...part, published: tags === null ? [] : publishedOf(tags, part.records) };
    }),
    definitions: { ttft: 'aiperf_ttft', itl: 'aiperf_chunk_latency' },
    tokensSource: null,
  };
}

function runOf(placed: readonly Placed[], levels: ImportedLevel[], suffix: string): ImportedRun {
  const { profile, arrival } = placed[0]!;
  const epochs = (name: string): number[] =>
    placed.map((one) => epochOf(one.profile.top[name])).filter((epoch) => !Number.isNaN(epoch));
  const recorded = placed.flatMap((one) => (one.profile.records === null ? [] : [one.profile.records.startedEpoch]));
  const starts = [...epochs('start_time'), ...recorded];
  const model = modelOf(profile);
  return {
    tool: 'AIPerf',
    toolVersion: asText(profile.top['aiperf_version']),
    files: placed.flatMap((one) => one.profile.files),
    name: `${model ?? 'AIPerf'}${suffix}`,
    model,
    url: urlOf(profile.config),
    endpoint: asText(at(profile.config, 'endpoint', 'type')),
    arrival,
    targetRate: null,
    startedEpoch: starts.length === 0 ? NaN : Math.min(...starts),
    endedEpoch: epochs('end_time').length === 0 ? NaN : Math.max(...epochs('end_time')),
    warmupSeconds: null,
    measureSeconds: null,
    totalTimeoutSeconds: Infinity,
    snapshots: null,
    repetitions: Math.max(1, ...levels.map((level) => (level.detail === 'requests' ? level.parts.length : 1))),
    workload: { kind: 'unknown', description: workloadOf(profile.config), seed: seedOf(profile.config) },
    deployment: {},
    objectives: [],
    levels,
    gaps: gapsOf(placed),
  };
}

function urlOf(config: JsonObject): string | null {
  const urls = find(config, 'urls');
  return asText(Array.isArray(urls) ? urls[0] : urls) ?? asText(find(config, 'url'));
}

function seedOf(config: JsonObject): number | null {
  const seed = find(config, 'random_seed');
  return typeof seed === 'number' ? seed : null;
}

/** The input part of the configuration, which describes synthetic requests. */
function workloadOf(config: JsonObject): string {
  const written = JSON.stringify(config['input'] ?? config['datasets'] ?? null);
  return written === 'null' || written === '{}' || written.length > 400 ? 'not told' : written;
}

function gapsOf(placed: readonly Placed[]): string[] {
  const bare = placed.filter(({ profile }) => profile.records === null).map(({ load }) => load);
  const torn = placed.filter(({ profile }) => (profile.records?.torn ?? 0) > 0);
  const unread = placed.filter(({ profile }) => profile.records?.gapsKnown === false).map(({ load }) => load);
  return [
    ...(bare.length > 0
      ? [
          `Level ${bare.join(', ')}: without profile_export.jsonl nothing can be recomputed; rates and times include ramp-up and tail.`,
        ]
      : []),
    ...torn.map(
      ({ profile }) => `${profile.name}: ${profile.records!.torn} lines are no whole record and were left out.`,
    ),
    ...(unread.length > 0
      ? [`Level ${unread.join(', ')}: gaps between chunks are not in the records; there is no ITL.`]
      : []),
    'Whether tokens were counted by usage or by a tokenizer of the client is not told.',
  ];
}
