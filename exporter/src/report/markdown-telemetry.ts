import { asPercent, asRate, asSeconds, UNKNOWN, type Write } from './format.js';
import { levelName, loadHeading } from './level-heading.js';
import { left, markdownTable } from './markdown-table.js';
import type { LevelFigures, RunResult } from './result-schema.js';
import type { RunTelemetryJson, TelemetryJson } from './telemetry-schema.js';

const asGiB: Write = (bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
const asCount: Write = (value) => String(Math.round(value * 10) / 10);
const asWatts: Write = (value) => `${value.toFixed(0)} W`;
const asCelsius: Write = (value) => `${value.toFixed(0)} °C`;
const asPerJoule: Write = (value) => value.toFixed(2);

type Known = number | null | undefined;

const write = (value: Known, how: Write): string => (value == null ? UNKNOWN : how(value));

interface PeakRow {
  title: string;
  /** Role whose metric is named beside the title. */
  role: string;
  peak: (figures: TelemetryJson) => string;
}

const PEAKS: readonly PeakRow[] = [
  { title: 'GPU utilisation', role: 'gpu_utilization_ratio', peak: (f) => write(f.gpuUtilization.peak, asPercent) },
  { title: 'GPU memory used', role: 'gpu_memory_used_bytes', peak: gpuMemory },
  { title: 'GPU power', role: 'gpu_power_watts', peak: (f) => write(f.gpuPowerWatts.peak, asWatts) },
  {
    title: 'GPU temperature',
    role: 'gpu_temperature_celsius',
    peak: (f) => write(f.gpuTemperatureCelsius.peak, asCelsius),
  },
  { title: 'KV-cache usage', role: 'kv_usage_ratio', peak: (f) => write(f.kvUsage.peak, asPercent) },
  { title: 'Requests running', role: 'requests_running', peak: (f) => write(f.requestsRunning.peak, asCount) },
  { title: 'Requests waiting', role: 'requests_waiting', peak: (f) => write(f.requestsWaiting.peak, asCount) },
  { title: 'Preemptions', role: 'preemptions_total', peak: (f) => write(f.preemptions, (n) => String(Math.round(n))) },
  { title: 'Host memory used', role: 'host_memory_used_bytes', peak: (f) => write(f.hostMemoryUsedBytes.peak, asGiB) },
];

function gpuMemory({ gpuMemoryUsedBytes: { peak }, gpuMemoryTotalBytes: total }: TelemetryJson): string {
  if (peak === null) return UNKNOWN;
  return total === null ? asGiB(peak) : `${asGiB(peak)} of ${asGiB(total)} (what the server reserves)`;
}

/** Peaks over the run with the metrics they were read from; what nobody told is not in the table. */
export function resourcePeaksSection({ telemetry }: RunResult): string | null {
  if (telemetry == null) return null;
  const rows = PEAKS.map(({ title, role, peak }) => [titled(title, role, telemetry), peak(telemetry.figures)]);
  const told = rows.filter(([, peak]) => peak !== UNKNOWN) as [string, string][];
  const table = told.length === 0 ? 'Nothing was told.' : markdownTable([left('Resource'), left('Peak')], told);
  const gaps = gapsOf(telemetry.figures);
  return `## Resource Peaks\n\nOver the run, of one sample a scrape.\n\n${table}${gaps}`;
}

function titled(title: string, role: string, { matched }: RunTelemetryJson): string {
  const sources = new Set(Object.values(matched).flatMap((roles) => roles[role]?.replace(/ \(.*$/, '') ?? []));
  return sources.size === 0 ? title : `${title} (${[...sources].map((name) => `\`${name}\``).join(', ')})`;
}

/** Upstreams that were not seen all the time. */
function gapsOf({ coverage }: TelemetryJson): string {
  const notes = coverage.flatMap(({ upstream, scrapes, failed, longestGapSeconds: gap, restarts, problem }) => [
    ...(scrapes === 0 ? [`${upstream} was never asked`] : []),
    ...(failed > 0
      ? [
          `${upstream}: ${failed} of ${scrapes} scrapes failed, ${write(gap, asSeconds)} without an answer at the longest (${problem})`,
        ]
      : []),
    ...(restarts > 0 ? [`${upstream}: ${restarts} restart${restarts === 1 ? '' : 's'} seen`] : []),
  ]);
  return notes.length === 0 ? '' : `\n\n${notes.map((note) => `- ${note}`).join('\n')}`;
}

type Cell = [title: string, cell: (figures: TelemetryJson, level: LevelFigures) => string];

const SERVER_COLUMNS: readonly Cell[] = [
  ['Running', (f) => write(f.requestsRunning.mean, asCount)],
  ['Waiting', (f) => write(f.requestsWaiting.mean, asCount)],
  ['Waited', (f) => write(f.waitingShare, asPercent)],
  ['Queue', (f) => write(f.queueSeconds, asSeconds)],
  ['Prefill', (f) => write(f.prefillSeconds, asSeconds)],
  ['TTFT', (f) => write(f.ttftSeconds, asSeconds)],
  ['Client − server', (f) => write(f.ttftGapSeconds, asSeconds)],
  ['KV usage', (f) => write(f.kvUsage.peak, asPercent)],
  ['Preemptions/req', (f) => write(f.preemptionsPerRequest, (value) => value.toFixed(3))],
  ['Acceptance', (f) => write(f.specAcceptanceRatio, asPercent)],
  ['Tokens/step', (f) => write(f.specAcceptanceLength, asRate)],
  ['Spread', (f) => write(f.workerRunningSpread.mean, asCount)],
  ['GPU', (f) => write(f.gpuUtilization.mean, asPercent)],
  ['Power', (f) => write(f.gpuPowerWatts.mean, asWatts)],
  ['Tokens/J', (f) => write(f.tokensPerJoule, asPerJoule)],
];

/** What the servers said of each level; columns that nobody told are left out. */
export function serverSection(result: RunResult): string | null {
  const seen = result.levels.filter((level) => level.telemetry != null);
  const columns = SERVER_COLUMNS.filter(([, cell]) => seen.some((level) => cell(level.telemetry!, level) !== UNKNOWN));
  if (columns.length === 0) return null;
  const rows = seen.map((level) => [levelName(level), ...columns.map(([, cell]) => cell(level.telemetry!, level))]);
  const text =
    "Means over the level's windows; KV usage: the peak; waited: share of the samples in which requests waited; " +
    'client − server: mean TTFT here less the mean there.';
  return `## The Server's Side\n\n${text}\n\n${markdownTable([loadHeading(result), ...columns.map(([title]) => title)], rows)}${cacheNotes(seen)}`;
}

function cacheNotes(levels: readonly LevelFigures[]): string {
  const known = levels.flatMap(({ load, cache }) =>
    cache == null || cache.state === 'unknown' ? [] : [{ load, cache }],
  );
  if (known.length === 0) return '';
  const { mode } = known[0]!.cache;
  const words = {
    as_designed: 'as designed',
    contaminated: '**contaminated**',
    colder: 'colder than the workload allows',
    unknown: '',
  };
  const rows = known.map(({ load, cache }) => [
    String(load),
    write(cache.expected, asPercent),
    write(cache.observed, asPercent),
    cache.source === 'usage' ? "the answers' usage" : "the server's counters",
    words[cache.state],
  ]);
  return `\n\n### Prefix cache\n\nThe workload is *${mode}*.\n\n${markdownTable(['Level', 'Expected hits', 'Found', left('Told by'), left('State')], rows)}`;
}

/** KV hit rate of a level, of its usage or its server; unknown is never 0. */
export function kvHitRatio({ cache, telemetry, kvHitRatio: imported }: LevelFigures): number | null {
  return cache?.observed ?? telemetry?.kvHitRatio ?? imported?.value ?? null;
}
