import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRequests } from '../../exporter/src/store/run-folder.js';
import type { Tool } from './cells.js';
import type { WatchedProcess } from './watched-process.js';

/** A successful request as the tool stamped it: CLOCK_MONOTONIC, seconds; `endedAt` is its last token. */
export interface RawRequest {
  startedAt: number;
  firstTokenAt: number;
  endedAt: number;
  outputTokens: number;
}

/** What a tool told of its whole run, before any of our definitions. */
export interface RawRun {
  requests: RawRequest[];
  /** The tool's own figures: seconds, tokens per second. NaN: it has none. */
  published: { ttftMean: number; latencyMean: number; tokensPerSecond: number };
  /** Mean gap after the first chunk, seconds: what the tool's TTFT lacks where that chunk has no token. NaN: not told. */
  firstGapMean: number;
}

type Json = Record<string, unknown>;
const json = (file: string): Json => JSON.parse(readFileSync(file, 'utf8')) as Json;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Reads a tool's own files. The clocks are joined by what both said when the process began. */
export async function readRawRun(tool: Tool, files: readonly string[], watched: WatchedProcess): Promise<RawRun> {
  const fromEpoch = (epoch: number): number => epoch - watched.spawnedEpoch + watched.spawnedAt;
  switch (tool) {
    case 'sweepscope':
      return readSweepscope(onlyRun(files[0]!), fromEpoch);
    case 'vllm':
      return readVllm(json(files[0]!));
    case 'guidellm':
      return readGuidellm(json(files[0]!), fromEpoch);
    case 'aiperf':
      return readAiperf(readFileSync(files[0]!, 'utf8'), json(files[1]!), fromEpoch);
  }
}

/** The one run below a folder of runs. */
export function onlyRun(runs: string): string {
  const found = readdirSync(runs, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (found.length !== 1) throw new Error(`${runs} has ${found.length} runs, not one`);
  return join(runs, found[0]!.name);
}

async function readSweepscope(dir: string, fromEpoch: (epoch: number) => number): Promise<RawRun> {
  const { records, segments } = await readRequests(dir);
  const startedEpoch = segments[0]!.epoch - segments[0]!.at;
  const requests = records
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ startedAt, firstTokenAt, completedAt, outputTokens }) => ({
      startedAt: fromEpoch(startedEpoch + startedAt),
      firstTokenAt: fromEpoch(startedEpoch + firstTokenAt),
      endedAt: fromEpoch(startedEpoch + completedAt),
      outputTokens,
    }));
  const level = (json(join(dir, 'result.json'))['levels'] as Json[])[0]!;
  const value = (...path: string[]): number =>
    Number(path.reduce<unknown>((from, key) => (from as Json)[key], level) ?? NaN);
  const published = {
    ttftMean: value('ttft', 'mean', 'value'),
    latencyMean: value('latency', 'mean', 'value'),
    tokensPerSecond: value('outputTokensPerSecond', 'value'),
  };
  return { requests, published, firstGapMean: NaN };
}

/** Its start times are `time.perf_counter()`, which is CLOCK_MONOTONIC on Linux. */
function readVllm(file: Json): RawRun {
  const list = <T>(name: string): T[] => file[name] as T[];
  const [starts, ttfts, itls] = [list<number>('start_times'), list<number>('ttfts'), list<number[]>('itls')];
  const [lengths, errors] = [list<number>('output_lens'), list<string>('errors')];
  const good = starts.map((_, index) => index).filter((index) => errors[index] === '');
  const requests = good.map((index) => {
    const firstTokenAt = starts[index]! + ttfts[index]!;
    const endedAt = firstTokenAt + itls[index]!.reduce((sum, gap) => sum + gap, 0);
    return { startedAt: starts[index]!, firstTokenAt, endedAt, outputTokens: lengths[index]! };
  });
  const published = {
    ttftMean: Number(file['mean_ttft_ms']) / 1000,
    latencyMean: Number(file['mean_e2el_ms']) / 1000,
    tokensPerSecond: Number(file['output_throughput']),
  };
  return { requests, published, firstGapMean: mean(good.map((index) => itls[index]![0] ?? NaN)) };
}

interface GuideRequest {
  info: { timings: Record<'request_start' | 'first_token_iteration' | 'last_token_iteration', number> };
  output_tokens: number;
}

function readGuidellm(file: Json, fromEpoch: (epoch: number) => number): RawRun {
  const benchmark = (file['benchmarks'] as Json[])[0]!;
  const successful = (benchmark['requests'] as Json)['successful'] as GuideRequest[];
  const requests = successful.map(({ info: { timings }, output_tokens: outputTokens }) => ({
    startedAt: fromEpoch(timings.request_start),
    firstTokenAt: fromEpoch(timings.first_token_iteration),
    endedAt: fromEpoch(timings.last_token_iteration),
    outputTokens,
  }));
  const metrics = benchmark['metrics'] as Record<string, { successful: { mean: number } }>;
  const published = {
    ttftMean: metrics['time_to_first_token_ms']!.successful.mean / 1000,
    latencyMean: metrics['request_latency']!.successful.mean,
    tokensPerSecond: metrics['output_tokens_per_second']!.successful.mean,
  };
  return { requests, published, firstGapMean: NaN };
}

interface AiperfRecord {
  metadata: { request_start_ns: number; benchmark_phase: string };
  metrics: Record<string, { value: number } | undefined>;
  error: unknown;
}

function readAiperf(lines: string, aggregate: Json, fromEpoch: (epoch: number) => number): RawRun {
  const records = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AiperfRecord)
    .filter(({ metadata, error }) => metadata.benchmark_phase === 'profiling' && (error ?? null) === null);
  const requests = records.map(({ metadata, metrics }) => {
    const startedAt = fromEpoch(metadata.request_start_ns / 1e9);
    const at = (name: string): number => startedAt + (metrics[name]?.value ?? NaN) / 1000;
    const outputTokens = metrics['output_sequence_length']?.value ?? NaN;
    return { startedAt, firstTokenAt: at('time_to_first_token'), endedAt: at('request_latency'), outputTokens };
  });
  const average = (name: string): number => (aggregate[name] as { avg?: number } | undefined)?.avg ?? NaN;
  const published = {
    ttftMean: average('time_to_first_token') / 1000,
    latencyMean: average('request_latency') / 1000,
    tokensPerSecond: average('output_token_throughput'),
  };
  return { requests, published, firstGapMean: NaN };
}
