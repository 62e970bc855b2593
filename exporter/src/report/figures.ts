import type { Estimate, LevelResult, QuantileSet } from '../analysis/level-result.js';
import { wilsonShare } from '../analysis/share.js';
import { cacheFigures, cacheRecord, telemetryFigures, telemetryRecord } from './telemetry-figures.js';
import type { FigureName } from './definitions.js';
import type { Figure, LevelFigures, QuantileFigures } from './result-schema.js';

const DECIMALS = 1e9;

/** A number for JSON, to 9 decimals: NaN and infinities, which it cannot write, are unknown. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * DECIMALS) / DECIMALS : null;
}

const orNaN = (value: number | null): number => value ?? NaN;

function figure(estimate: Estimate, definition: FigureName): Figure {
  const { value, n, lower, upper, warning } = estimate;
  return {
    value: orNull(value),
    n,
    lower: orNull(lower),
    upper: orNull(upper),
    definition,
    origin: 'measured',
    warning,
  };
}

/** A figure without an interval; `n` null where there is no sample to count. */
function plain(value: number, n: number | null, definition: FigureName): Figure {
  return { value: orNull(value), n, lower: null, upper: null, definition, origin: 'measured', warning: null };
}

function quantiles(set: QuantileSet, definition: FigureName): QuantileFigures {
  return {
    mean: figure(set.mean, definition),
    p50: figure(set.p50, definition),
    p90: figure(set.p90, definition),
    p95: figure(set.p95, definition),
    p99: figure(set.p99, definition),
  };
}

/** A level's result as `result.json` has it. `levelResult` undoes it. */
export function levelFigures(level: LevelResult): LevelFigures {
  const { completed, ok } = level;
  return {
    ...level,
    seconds: orNull(level.seconds) ?? 0,
    errorRatio: figure(wilsonShare(completed - ok, completed), 'error_ratio'),
    ttft: quantiles(level.ttft, 'ttft'),
    ttftFirstChunk: quantiles(level.ttftFirstChunk, 'ttft_first_chunk'),
    ttftFirstVisible: quantiles(level.ttftFirstVisible, 'ttft_first_visible'),
    ttftFromIntended: quantiles(level.ttftFromIntended, 'ttft_from_intended'),
    tpot: quantiles(level.tpot, 'tpot'),
    itl: quantiles(level.itl, 'itl'),
    latency: quantiles(level.latency, 'latency'),
    latencyFromIntended: quantiles(level.latencyFromIntended, 'latency_from_intended'),
    requestsPerSecond: plain(level.requestsPerSecond, completed, 'requests_per_second'),
    okPerSecond: plain(level.okPerSecond, ok, 'ok_per_second'),
    conversationsPerSecond: plain(level.conversationsPerSecond, null, 'conversations_per_second'),
    outputTokensPerSecond: plain(level.outputTokensPerSecond, null, 'output_tokens_per_second'),
    inputTokensPerSecond: plain(level.inputTokensPerSecond, completed, 'input_tokens_per_second'),
    inputTokensMean: plain(level.inputTokensMean, completed, 'input_tokens'),
    outputTokensMean: plain(level.outputTokensMean, ok, 'output_tokens'),
    tokensPerChunk: plain(level.tokensPerChunk, ok, 'tokens_per_chunk'),
    littleRatio: plain(level.littleRatio, null, 'little_ratio'),
    inFlightRatio: plain(level.inFlightRatio, null, 'in_flight_ratio'),
    slo: level.slo.map((objective) => ({ ...objective, share: figure(objective.share, 'slo_share') })),
    ...(level.telemetry == null ? {} : { telemetry: telemetryFigures(level.telemetry) }),
    ...(level.cache == null ? {} : { cache: cacheFigures(level.cache) }),
  };
}

function estimate({ value, n, lower, upper, warning }: Figure): Estimate {
  return { value: orNaN(value), n: orNaN(n), lower: orNaN(lower), upper: orNaN(upper), warning };
}

function quantileSet(figures: QuantileFigures): QuantileSet {
  const { mean, p50, p90, p95, p99 } = figures;
  return {
    mean: estimate(mean),
    p50: estimate(p50),
    p90: estimate(p90),
    p95: estimate(p95),
    p99: estimate(p99),
  };
}

/** A level's result back from `result.json`, e.g. to show a finished run on `/metrics` after a restart. */
export function levelResult(figures: LevelFigures): LevelResult {
  const value = (name: keyof LevelFigures): number => orNaN((figures[name] as Figure).value);
  const { telemetry, cache, ...own } = figures;
  return {
    ...own,
    steady: figures.steady ?? true,
    seconds: orNaN(figures.seconds),
    started: orNaN(figures.started),
    completed: orNaN(figures.completed),
    ok: orNaN(figures.ok),
    censored: orNaN(figures.censored),
    tpotExcluded: orNaN(figures.tpotExcluded),
    tokensSource: figures.tokensSource ?? 'chunks',
    errorRatio: value('errorRatio'),
    ttft: quantileSet(figures.ttft),
    ttftFirstChunk: quantileSet(figures.ttftFirstChunk),
    ttftFirstVisible: quantileSet(figures.ttftFirstVisible),
    ttftFromIntended: quantileSet(figures.ttftFromIntended),
    tpot: quantileSet(figures.tpot),
    itl: quantileSet(figures.itl),
    latency: quantileSet(figures.latency),
    latencyFromIntended: quantileSet(figures.latencyFromIntended),
    requestsPerSecond: value('requestsPerSecond'),
    okPerSecond: value('okPerSecond'),
    conversationsPerSecond: value('conversationsPerSecond'),
    outputTokensPerSecond: value('outputTokensPerSecond'),
    inputTokensPerSecond: value('inputTokensPerSecond'),
    inputTokensMean: value('inputTokensMean'),
    outputTokensMean: value('outputTokensMean'),
    tokensPerChunk: value('tokensPerChunk'),
    littleRatio: value('littleRatio'),
    inFlightRatio: value('inFlightRatio'),
    slo: figures.slo.map((objective) => ({ ...objective, share: estimate(objective.share) })),
    ...(telemetry == null ? {} : { telemetry: telemetryRecord(telemetry) }),
    ...(cache == null ? {} : { cache: cacheRecord(cache) }),
  };
}
