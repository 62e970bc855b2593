import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from '../../exporter/src/cli/source-files.js';
import { buildImport } from '../../exporter/src/report/import-result.js';
import { readImports } from '../../exporter/src/report/importers/registry.js';
import { parseResult } from '../../exporter/src/report/parse-result.js';
import type { QuantileFigures, RunResult } from '../../exporter/src/report/result-schema.js';
import { gained, meanBetween, type Reading } from '../vllm/exposition.js';
import type { Cell } from './cells.js';
import { onlyRun, readRawRun, type RawRequest, type RawRun } from './raw-runs.js';
import { cpuAt, type WatchedProcess } from './watched-process.js';

/** Times of a steady window, by our definitions where the tool tells single requests; null: can't be known. Seconds. */
export interface Times {
  mean: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** What one run of one tool said, cost, and how far it was from what the server said itself. Seconds, bytes. */
export interface CellFigures extends Cell {
  /** Ramp-up and tail left out. */
  steady: { ttft: Times; tpot: Times; itl: Times; latency: Times };
  requestsPerSecond: number | null;
  outputTokensPerSecond: number | null;
  /** Why our gates call the tool's run no closed loop of so many users; empty: they don't. */
  invalid: string[];
  published: RawRun['published'];
  /** Figures that the tool publishes and its own single requests contradict. */
  contradicted: string[];
  firstGapMean: number | null;
  /** All requests of the run, first to last. */
  client: { requests: number; ttft: number; latency: number; ttftAfterFirstWave: number };
  /** The server's own means over all its requests during the run. */
  server: { requests: number; ttft: number; latency: number };
  startUpSeconds: number;
  totalSeconds: number;
  /** Between the first request's start and the last one's end. */
  cpuPerTokenSeconds: number;
  totalCpuSeconds: number;
  memoryBytes: number;
}

export interface ServerReadings {
  before: Reading;
  after: Reading;
}

/** Everything of one run, from its files, its process and the server's counters. */
export async function cellFigures(
  cell: Cell,
  files: readonly string[],
  watched: WatchedProcess,
  { before, after }: ServerReadings,
): Promise<CellFigures> {
  const result = cell.tool === 'sweepscope' ? ownResult(files[0]!) : await importedResult(files);
  const raw = await readRawRun(cell.tool, files, watched);
  const level = result.levels[0]!;
  const starts = raw.requests.map(({ startedAt }) => startedAt).sort((a, b) => a - b);
  const begun = starts[0]!;
  const ended = Math.max(...raw.requests.map(({ endedAt }) => endedAt));
  const tokens = raw.requests.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const cpu = cpuAt(watched.samples, ended) - cpuAt(watched.samples, begun);
  return {
    ...cell,
    steady: { ttft: times(level.ttft), tpot: times(level.tpot), itl: times(level.itl), latency: times(level.latency) },
    requestsPerSecond: level.okPerSecond.value,
    outputTokensPerSecond: level.outputTokensPerSecond.value,
    invalid: level.valid ? [] : level.invalidReasons,
    published: raw.published,
    contradicted: (result.source?.checks ?? []).filter(({ agrees }) => !agrees).map(({ figure }) => figure),
    firstGapMean: Number.isNaN(raw.firstGapMean) ? null : raw.firstGapMean,
    client: clientMeans(raw.requests, cell.users),
    server: {
      requests: gained('vllm:e2e_request_latency_seconds_count', before, after),
      ttft: meanBetween('vllm:time_to_first_token_seconds', before, after),
      latency: meanBetween('vllm:e2e_request_latency_seconds', before, after),
    },
    startUpSeconds: begun - watched.spawnedAt,
    totalSeconds: watched.seconds,
    cpuPerTokenSeconds: cpu / tokens,
    totalCpuSeconds: watched.samples.at(-1)?.cpuSeconds ?? NaN,
    memoryBytes: watched.memoryBytes,
  };
}

function ownResult(runs: string): RunResult {
  const file = join(onlyRun(runs), 'result.json');
  return parseResult(readFileSync(file, 'utf8'), file);
}

async function importedResult(files: readonly string[]): Promise<RunResult> {
  const runs = await readImports(sourceFiles(files), null);
  if (runs.length !== 1) throw new Error(`${files.join(', ')} are ${runs.length} runs, not one`);
  return (await buildImport(runs[0]!, 'rivals', Date.now() / 1000)).result;
}

function times({ mean, p50, p95, p99 }: QuantileFigures): Times {
  return { mean: mean.value, p50: p50.value, p95: p95.value, p99: p99.value };
}

/** Means over all requests. The first wave is every user's first request, which all begin at nearly the same time. */
function clientMeans(requests: readonly RawRequest[], users: number): CellFigures['client'] {
  const inOrder = requests.toSorted((a, b) => a.startedAt - b.startedAt);
  const ttft = (request: RawRequest): number => request.firstTokenAt - request.startedAt;
  return {
    requests: requests.length,
    ttft: mean(inOrder.map(ttft)),
    latency: mean(inOrder.map(({ startedAt, endedAt }) => endedAt - startedAt)),
    ttftAfterFirstWave: mean(inOrder.slice(users).map(ttft)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
