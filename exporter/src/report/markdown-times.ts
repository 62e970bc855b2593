import {
  asBareMilliseconds,
  asMilliseconds,
  asPercent,
  asRate,
  asSeconds,
  asTokens,
  show,
  UNKNOWN,
  type Write,
} from './format.js';
import { levelName, loadHeading, verdictOf } from './level-heading.js';
import { kvHitRatio } from './markdown-telemetry.js';
import { markdownTable } from './markdown-table.js';
import type { LevelFigures, QuantileFigures, RunResult } from './result-schema.js';

/** All levels at a glance, times in milliseconds. */
export function summarySection(result: RunResult): string {
  const { analysis } = result;
  const columns = [
    loadHeading(result),
    'req/s',
    'out tok/s',
    ...['TTFT', 'ITL', 'E2E'].flatMap((name) => [`${name} p50`, `${name} p95`]),
    ...(analysis === undefined ? [] : ['Verdict']),
  ];
  const rows = result.levels.map((level) => [
    levelName(level),
    show(level.requestsPerSecond, asRate),
    show(level.outputTokensPerSecond, asTokens),
    ...[level.ttft, level.itl, level.latency].flatMap(({ p50, p95 }) => [
      show(p50, asBareMilliseconds),
      show(p95, asBareMilliseconds),
    ]),
    ...(analysis === undefined ? [] : [verdictOf(analysis, level)]),
  ]);
  return `## Results\n\nTimes in milliseconds.\n\n${markdownTable(columns, rows)}`;
}

function timesTable(
  result: RunResult,
  title: string,
  of: (level: LevelFigures) => QuantileFigures,
  write: Write,
  more: readonly { title: string; cell: (level: LevelFigures) => string }[] = [],
): string {
  const columns = [
    loadHeading(result),
    ...['p50', 'p90', 'p95', 'p99'].map((quantile) => `${title} ${quantile}`),
    ...more.map((column) => column.title),
  ];
  const rows = result.levels.map((level) => {
    const { p50, p90, p95, p99 } = of(level);
    const quantiles = [p50, p90, p95, p99].map((figure) => show(figure, write));
    return [levelName(level), ...quantiles, ...more.map((column) => column.cell(level))];
  });
  return markdownTable(columns, rows);
}

export function tpotSection(result: RunResult): string {
  const table = timesTable(result, 'TPOT', (level) => level.tpot, asMilliseconds, [
    { title: 'Error %', cell: (level) => show(level.errorRatio, asPercent) },
    { title: 'Valid Runs', cell: (level) => validRuns(result, level) },
  ]);
  const excluded = result.levels.reduce((sum, level) => sum + (level.tpotExcluded ?? 0), 0);
  const note = excluded === 0 ? '' : `\n\n${excluded} requests of at most one token have no TPOT and are left out.`;
  return `## TPOT — Time Per Output Token\n\n${table}${note}`;
}

/** `2/3`: windows that are valid and not excluded, of those measured. */
function validRuns({ windows }: RunResult, level: LevelFigures): string {
  const own = windows.filter((window) => level.windows.includes(window.id));
  const good = own.filter((window) => window.invalidReasons.length === 0 && window.excluded === null);
  if (own.length > 0) return `${good.length}/${own.length}`;
  return level.windows.length === 0 ? UNKNOWN : `${level.windowsUsed.length}/${level.windows.length}`;
}

export function itlSection(result: RunResult): string {
  const perChunk = { title: 'Tokens per chunk', cell: (level: LevelFigures) => show(level.tokensPerChunk, asRate) };
  const table = timesTable(result, 'ITL', (level) => level.itl, asMilliseconds, [perChunk]);
  return `## ITL — Inter-Token Latency\n\n${table}`;
}

/** The headline, and the other ways to count, of which open loop adds two. */
export function ttftSection(result: RunResult): string {
  const headline = timesTable(result, 'TTFT', (level) => level.ttft, asMilliseconds);
  const variants = [
    { title: 'First token', of: (level: LevelFigures) => level.ttft },
    { title: 'First chunk', of: (level: LevelFigures) => level.ttftFirstChunk },
    { title: 'First visible', of: (level: LevelFigures) => level.ttftFirstVisible },
    ...(result.spec.arrival === 'closed'
      ? []
      : [{ title: 'From intended start', of: (level: LevelFigures) => level.ttftFromIntended }]),
  ];
  const columns = [loadHeading(result), ...variants.flatMap(({ title }) => [`${title} p50`, `${title} p95`])];
  const rows = result.levels.map((level) => [
    levelName(level),
    ...variants.flatMap(({ of }) => [show(of(level).p50, asMilliseconds), show(of(level).p95, asMilliseconds)]),
  ]);
  return `## TTFT — Time to First Token\n\n${headline}\n\n### TTFT variants\n\n${markdownTable(columns, rows)}`;
}

export function latencySection(result: RunResult): string {
  const headline = timesTable(result, 'Latency', (level) => level.latency, asSeconds);
  if (result.spec.arrival === 'closed') return `## End-to-End Latency\n\n${headline}`;
  const intended = timesTable(result, 'Latency', (level) => level.latencyFromIntended, asSeconds);
  return `## End-to-End Latency\n\n${headline}\n\n### From the intended start\n\n${intended}`;
}

export function rpsSection(result: RunResult): string {
  const columns = [loadHeading(result), 'Actual RPS', 'Successful RPS', 'Conversations/s'];
  const rows = result.levels.map((level) => [
    levelName(level),
    show(level.requestsPerSecond, asRate),
    show(level.okPerSecond, asRate),
    show(level.conversationsPerSecond, asRate),
  ]);
  return `## Actual RPS (Turn Completions/s)\n\n${markdownTable(columns, rows)}`;
}

export function throughputSection(result: RunResult): string {
  const hits = result.levels.map(kvHitRatio);
  const withHits = hits.some((hit) => hit !== null);
  const columns = [
    ...[loadHeading(result), 'TOPS', 'Input tokens/s', 'Mean input tokens', 'Mean output tokens'],
    ...(withHits ? ['KV hit rate'] : []),
  ];
  const rows = result.levels.map((level, index) => [
    levelName(level),
    ...[level.outputTokensPerSecond, level.inputTokensPerSecond, level.inputTokensMean, level.outputTokensMean].map(
      (figure) => show(figure, asTokens),
    ),
    ...(withHits ? [hits[index] == null ? UNKNOWN : asPercent(hits[index])] : []),
  ]);
  return `## Throughput (Output Tokens/s)\n\n${markdownTable(columns, rows)}`;
}
